import { formatRoadmap } from './format-roadmap';
import { parseRoadmap } from './parse-roadmap';

const lines = (...text: string[]) => `${text.join('\n')}\n`;
const summary = (text: string) =>
  parseRoadmap(text).items.map(({ number, title, state }) => [number, title, state]);
const problems = (text: string) =>
  parseRoadmap(text).problems.map(({ line, level, message }) => `${line} ${level}: ${message}`);

describe('headers', () => {
  it.each([
    ['### 🔴 **PRIORITY 2.5: A & B** ⚡ FIRST', ['2.5', 'A & B', 'planned']],
    ['### 🔴 **PRIORITY 2: A** ✅ Complete', ['2', 'A', 'done']],
    ['### PRIORITY 1: Title [📝 Planned]', ['1', 'Title', 'planned']],
    ['### PRIORITY 2.10: Title 🔄 In Progress (50%)', ['2.10', 'Title', 'in_progress']],
    ['### US-062: Title [in review]', ['US-062', 'Title', 'in_review']],
    ['## US-110: Title ⏸️', ['US-110', 'Title', 'blocked']],
    ['## PRIORITY 20: US-104 - Loop ✅ Complete', ['20', 'US-104 - Loop', 'done']],
    ['### ✅ **PRIORITY 3:** Bold label', ['3', 'Bold label', 'done']],
    ['### PRIORITY 4: Complete the docs', ['4', 'Complete the docs', 'planned']],
    ['### PRIORITY 5: Show ✅ beside a name', ['5', 'Show ✅ beside a name', 'planned']],
    ['### PRIORITY 6: Parse [brackets]', ['6', 'Parse [brackets]', 'planned']],
    ['### PRIORITY 7: With\ta tab', ['7', 'With a tab', 'planned']],
  ])('reads %s', (header, expected) => {
    expect(summary(`${header}\n`)).toEqual([expected]);
  });

  it.each([
    '# PRIORITY 1: too high',
    '#### PRIORITY 1: too low',
    '### Priority 1: lower case',
    '### PRIORITY 1 - no colon',
    '### PRIORITY 1:',
    ' ### PRIORITY 1: indented',
    '### PRIORITY 1234567890: too long',
  ])('leaves "%s" alone and says so', (header) => {
    expect(summary(header)).toEqual([]);
    expect(problems(header)).toEqual([
      expect.stringMatching(/^1 warning: this heading looks like/),
    ]);
  });

  it.each(['### Rules for PRIORITY 1: x', '## The US-1: x', '###PRIORITY 1: x', 'PRIORITY 1: x'])(
    'does not take "%s" for one',
    (header) => expect(summary(header)).toEqual([]),
  );
});

describe('statuses', () => {
  it.each([
    ['📝 Planned', 'planned'],
    ['📋 Ready', 'planned'],
    ['📝 Backlog', 'planned'],
    ['🔄 In Discussion', 'planned'],
    ['✅ Assigned to PRIORITY 3', 'planned'],
    ['📝 PLANNED - HIGH PRIORITY', 'planned'],
    ['🔄 In Progress', 'in_progress'],
    ['🔄 MOSTLY COMPLETE', 'in_progress'],
    ['🚧 Manual Review Required', 'in_review'],
    ['Needs Manual Review', 'in_review'],
    ['✅ **COMPLETE** (2025-10-10)', 'done'],
    ['✅ Delivered', 'done'],
    ['in-progress', 'in_progress'],
    ['⏸️ Blocked - Too complex for autonomous implementation', 'blocked'],
    ['❌ Cancelled', 'blocked'],
  ])('reads %s as %s', (status, state) => {
    const text = lines('### PRIORITY 1: x', '', `**Status**: ${status}`);
    expect(summary(text)).toEqual([['1', 'x', state]]);
    expect(problems(text)).toEqual([]);
  });

  it('takes an unknown one as planned, says so and keeps it', () => {
    const text = lines('### PRIORITY 1: x', '', '**Status**: completely unclear');
    expect(summary(text)).toEqual([['1', 'x', 'planned']]);
    expect(problems(text)).toEqual([
      '3 warning: status "completely unclear" is not known; read as planned',
    ]);
    expect(formatRoadmap(parseRoadmap(text))).toBe(text);
  });

  it('believes the line rather than the header', () => {
    expect(summary(lines('### PRIORITY 1: x ✅ Complete', '**Status**: 📝 Planned'))).toEqual([
      ['1', 'x', 'planned'],
    ]);
  });

  it('looks fifteen lines far, not into code, not into the next section', () => {
    const far = (count: number) =>
      lines('### PRIORITY 1: x', ...Array<string>(count).fill('y'), '**Status**: done');
    expect(summary(far(14))).toEqual([['1', 'x', 'done']]);
    expect(summary(far(15))).toEqual([['1', 'x', 'planned']]);
    const code = lines(
      '### PRIORITY 1: x',
      '```',
      '**Status**: done',
      '```',
      '**Status**: blocked',
    );
    expect(summary(code)).toEqual([['1', 'x', 'blocked']]);
    const next = lines('### PRIORITY 1: x', '## Section', '**Status**: done');
    expect(summary(next)).toEqual([['1', 'x', 'planned']]);
  });
});

describe('bodies', () => {
  it('hold neither header nor status nor the closing rule nor what follows a section heading', () => {
    const text = lines(
      '# Roadmap',
      '',
      '### PRIORITY 1: x',
      '',
      '**Impact**: ⭐⭐⭐',
      '**Status**: 📝 Planned',
      '',
      '#### Project: x',
      '- [ ] do it',
      '',
      '---',
      '',
      '## Later',
      'words',
      '### PRIORITY 2: y [📝 Planned]',
    );
    const { preamble, items } = parseRoadmap(text);
    expect(preamble).toBe('# Roadmap\n\n');
    expect(items.map((item) => item.body)).toEqual([
      '**Impact**: ⭐⭐⭐\n\n#### Project: x\n- [ ] do it',
      '',
    ]);
  });

  it('have LF in a file with CRLF', () => {
    const text = '\uFEFF### PRIORITY 1: x [done]\r\n\r\na\t \r\nb';
    expect(parseRoadmap(text).items[0]?.body).toBe('a\t \nb');
    expect(formatRoadmap(parseRoadmap(text))).toBe(text);
  });

  it.each([
    ['```', '### PRIORITY 2: y', '```'],
    ['~~~~ md', '### PRIORITY 2: y', '~~~', '~~~~~'],
    ['1. ```', '### PRIORITY 2: y', '   ```'],
    ['<!--', '### PRIORITY 2: y', '-->'],
  ])('hold no items in code: %s', (...body) => {
    const text = lines('### PRIORITY 1: x [done]', ...body, '### PRIORITY 3: z [done]');
    expect(parseRoadmap(text).items.map((item) => item.number)).toEqual(['1', '3']);
  });
});

describe('problems', () => {
  it('name both lines of a number that is there twice', () => {
    const text = lines(
      '### PRIORITY 2.1: x ✅',
      '### PRIORITY 2.10: y ✅',
      '## PRIORITY 2.1: z ✅',
    );
    expect(problems(text)).toEqual(['3 error: the number 2.1 is already taken in line 1']);
    expect(parseRoadmap(text).items).toHaveLength(3);
  });

  it('name what the database cannot hold', () => {
    expect(problems('a\nb\0')).toEqual([expect.stringMatching(/^2 error: this line holds a NUL/)]);
    expect(problems('a\ud800')).toHaveLength(1);
    expect(problems('a😀')).toEqual([]);
    expect(problems(`### PRIORITY 1: ${'x'.repeat(501)} ✅`)).toEqual([
      '1 error: the title is longer than 500 characters',
    ]);
    expect(problems(`### PRIORITY 1: ${'😀'.repeat(500)} ✅`)).toEqual([]);
    expect(problems(`\n### PRIORITY 1: x ✅\n${'x'.repeat(200_001)}`)).toEqual([
      '2 error: the text is longer than 200,000 characters',
    ]);
  });

  it('name a block that is never closed and an item without a status', () => {
    expect(problems(lines('### PRIORITY 1: x', '```', '### PRIORITY 2: y'))).toEqual([
      '1 warning: 1 says no status; read as planned',
      '2 warning: this code block or comment is never closed',
    ]);
  });
});
