import { formatRoadmap } from './format-roadmap';
import { parseRoadmap } from './parse-roadmap';
import type { RoadmapEntry } from './roadmap-document';

const lines = (...text: string[]) => `${text.join('\n')}\n`;
const byHand = (entry: Partial<RoadmapEntry>): RoadmapEntry => ({
  number: '2.5',
  title: 'Title',
  state: 'planned',
  body: '',
  source: null,
  ...entry,
});

/** The text with the first item changed. */
function changed(text: string, change: Partial<RoadmapEntry>): string {
  const { preamble, items } = parseRoadmap(text);
  return formatRoadmap({
    preamble,
    items: items.map((item, i) => (i === 0 ? { ...item, ...change } : item)),
  });
}

describe('an item made by hand', () => {
  it('gets the canonical form', () => {
    const items = [byHand({ body: 'What to do.\n\n- this\n' }), byHand({ number: 'US-007' })];
    expect(formatRoadmap({ preamble: '# Roadmap\n', items })).toBe(
      lines(
        '# Roadmap',
        '',
        '### PRIORITY 2.5: Title',
        '',
        '**Status**: 📝 Planned',
        '',
        'What to do.',
        '',
        '- this',
        '',
        '---',
        '',
        '### US-007: Title',
        '',
        '**Status**: 📝 Planned',
        '',
        '---',
      ),
    );
  });

  it('shields lines that would end it, and titles that look finished', () => {
    const item = byHand({ title: 'Print ✅ Complete', body: '## Notes\n```\nopen' });
    const text = formatRoadmap({ preamble: '', items: [item] });
    expect(text).toContain('### PRIORITY 2.5: Print ✅ Complete [📝 Planned]\n');
    expect(text).toContain('\n\\## Notes\n\\```\nopen\n\n---\n');
  });

  it('takes the line endings of the file that it goes into', () => {
    const text = formatRoadmap({ preamble: '# x\r\n', items: [byHand({ body: 'a\nb' })] });
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('a changed state', () => {
  it.each([
    ['**Status**: 📝 PLANNED - soon  ', '**Status**: 🔄 In Progress  '],
    ['- **Status:** Backlog', '- **Status:** 🔄 In Progress'],
  ])('is written into the line %s', (before, after) => {
    const text = (status: string) => lines('### PRIORITY 1: x', 'y', status, 'z');
    expect(changed(text(before), { state: 'in_progress' })).toBe(text(after));
  });

  it.each([
    ['### PRIORITY 1: x [📝 Planned]', '### PRIORITY 1: x [✅ Complete]'],
    ['### PRIORITY 1: x 📝 Planned (soon)', '### PRIORITY 1: x ✅ Complete'],
    ['### 📋 **PRIORITY 1: x** ⚡', '### ✅ **PRIORITY 1: x** ⚡'],
    ['### 🔴 **PRIORITY 1: x** ⚡', '### 🔴 **PRIORITY 1: x** ⚡ [✅ Complete]'],
  ])('is written into the header %s', (before, after) => {
    expect(changed(lines(before, 'y'), { state: 'done' })).toBe(lines(after, 'y'));
  });

  it('is written into both where both speak', () => {
    const text = lines('### PRIORITY 1: x 📝 Planned', '**Status**: 📝 Planned');
    expect(changed(text, { state: 'blocked' })).toBe(
      lines('### PRIORITY 1: x ⏸️ Blocked', '**Status**: ⏸️ Blocked'),
    );
  });
});

describe('other changes', () => {
  it('of the number rewrite the label', () => {
    expect(changed('### 🔴 **PRIORITY 1: x** ✅\n', { number: 'US-002' })).toBe(
      '### 🔴 **US-002: x** ✅\n',
    );
  });

  it('of the body leave the status line among its first lines', () => {
    const text = (body: string) =>
      lines('### PRIORITY 1: x', '**Impact**: y', '**Status**: done', '', body, '', '---', '## z');
    expect(changed(text('a'), { body: '**Impact**: y\n\nb' })).toBe(text('b'));
  });

  it('of the body find a place where there was none', () => {
    const text = (...body: string[]) =>
      lines('### 🔴 **PRIORITY 1: x** ⚡', '**Status**: done', ...body, '## z');
    expect(changed(text(), { body: 'b' })).toBe(text('', 'b', ''));
    expect(changed(text('', '---'), { body: 'b' })).toBe(text('', 'b', '', '---'));
  });

  it('of the body fall back to the canonical form where the status line lost its place', () => {
    const text = lines('### PRIORITY 1: x', '**Impact**: y', '**Status**: done', 'a', '## z');
    expect(changed(text, { body: 'b' })).toBe(
      lines('### PRIORITY 1: x', '', '**Status**: ✅ Complete', '', 'b', '', '---', '', '## z'),
    );
  });

  it('of the title fall back to a plain header where it would be misread', () => {
    expect(changed('### 🔴 **PRIORITY 1: x** ✅\n', { title: 'a **b** c' })).toBe(
      lines('### PRIORITY 1: a **b** c', '', '**Status**: ✅ Complete', '', '---'),
    );
  });
});

it('ignores a source that is not an item', () => {
  const item = byHand({ source: { text: 'nonsense' } });
  expect(formatRoadmap({ preamble: '', items: [item] })).toContain('### PRIORITY 2.5: Title\n');
});
