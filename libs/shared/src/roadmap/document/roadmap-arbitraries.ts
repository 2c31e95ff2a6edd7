/** Random roadmaps for the property tests of this folder; part of no program. */
import fc from 'fast-check';
import { cleanTitle } from './header';
import { cleanBody } from './lines';
import type { RoadmapDocument, RoadmapEntry, RoadmapState } from './roadmap-document';
import { ROADMAP_STATES } from './roadmap-document';

export const states = fc.constantFrom(...ROADMAP_STATES);

export const numbers = fc.oneof(
  fc.nat(40).map(String),
  fc.tuple(fc.nat(9), fc.nat(12)).map(([a, b]) => `${a}.${b}`),
  fc.nat(120).map((n) => `US-${String(n).padStart(3, '0')}`),
);

const words = [
  'Analytics',
  '& more',
  '**bold**',
  '`code`',
  'US-047 -',
  '(v2)',
  '[link](x)',
  'ö漢字',
];
const plainTitles = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(' '));

/** Titles that look like something else, and any string at all, as the database would hold it. */
export const titles = fc
  .oneof(
    plainTitles,
    fc.constantFrom('Complete', 'A ✅ Complete', 'B [Done]', '**x**', ': y', 'z **', '#', '[📝]'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  )
  .map(cleanTitle);

const STATUS_TEXTS: Record<RoadmapState, string[]> = {
  planned: ['📝 Planned', '📋 Ready', 'Backlog', '📝 PLANNED - HIGH PRIORITY', '🔄 In Discussion'],
  in_progress: ['🔄 In Progress', '🔄 MVP PHASE 1', 'in_progress', '🔄 MOSTLY COMPLETE'],
  in_review: ['🚧 Manual Review Required', 'In review', '🚧'],
  done: ['✅ Complete', '✅ **COMPLETE** (2025-10-10)', 'done', '✅'],
  blocked: ['⏸️ Blocked - Too complex', 'blocked', '⏸', '❌ Cancelled'],
};
const MARKS: Record<RoadmapState, string[]> = {
  planned: ['[📝 Planned]', '📝 Planned', '📋'],
  in_progress: ['[🔄 In Progress]', '🔄 In Progress (50%)'],
  in_review: ['[in review]', '🚧 Manual Review Required'],
  done: ['✅ Complete (2025-10-17)', '✅', '[done]'],
  blocked: ['⏸️ Blocked', '[⏸️]'],
};

const bodyLines = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '  ',
    '\t',
    'Some text.  ',
    '- [ ] a deliverable',
    '**Impact**: ⭐⭐⭐',
    '#### Project: thing',
    '### Requirements',
    '---',
    '\\## escaped',
    '\\\\### PRIORITY 3: escaped twice',
    '**Status** is a word',
    'x\ry',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n#`~<]/g, '')),
);
const codeBlocks = fc.constantFrom(
  ['```markdown', '### PRIORITY 9: in code ✅', '**Status**: done', '```'],
  ['~~~', '## Section', '```', '~~~~'],
  ['1. ````js', '```', '## US-999: no', '   `````'],
  ['<!--', '### PRIORITY 8: commented out', 'x -->'],
  ['```not a fence```'],
);
const bodies = fc
  .array(fc.oneof({ weight: 4, arbitrary: bodyLines.map((line) => [line]) }, codeBlocks), {
    maxLength: 12,
  })
  .map((parts) => parts.flat());

/** Bodies of people who know nothing of the grammar. */
export const handBodies = fc
  .array(
    fc.oneof(
      bodyLines,
      fc.constantFrom('## Notes', '# Top', '### PRIORITY 5: not an item', '## US-001: no'),
      fc.constantFrom('```js', '~~~', '````', '<!-- open', '-->', '**Status**: ✅ Complete'),
      fc.string({ unit: 'binary', maxLength: 10 }),
    ),
    { maxLength: 14 },
  )
  .map((lines) => cleanBody(lines.join('\n')));

export interface WrittenItem {
  entry: Pick<RoadmapEntry, 'number' | 'title' | 'state'>;
  lines: string[];
}

const headerForms: ((label: string, title: string, mark: string) => string)[] = [
  (label, title, mark) => `### 🔴 **${label}: ${title.replaceAll('*', '')}**${mark}`,
  (label, title, mark) => `### 🎯 **${label}: ${title.replaceAll('*', '')}** ⚡ FIRST${mark}`,
  (label, title, mark) => `### ${label}: ${title}${mark}  `,
  (label, title, mark) => `##\t${label}:${title}${mark}`,
  (label, title, mark) => `## ${label} : ${title}${mark}`,
];

const writtenItem = (number: string): fc.Arbitrary<WrittenItem> =>
  fc
    .record({
      form: fc.nat(headerForms.length - 1),
      title: plainTitles,
      state: states,
      place: fc.constantFrom('line', 'header', 'both', 'none'),
      choice: fc.nat(20),
      before: fc.constantFrom([], [''], ['', ''], ['', '**Impact**: ⭐', '**Estimated**: 2 days']),
      body: bodies,
      closing: fc.constantFrom([], ['---'], ['', '---', ''], ['', '***']),
      tail: fc.constantFrom([], ['## Section', '', 'words', '### sub'], ['# Top', '---']),
    })
    .map(({ form, title, state, place, choice, before, body, closing, tail }) => {
      const pick = (texts: string[]) => texts[choice % texts.length] ?? '';
      const label = number.startsWith('US-') ? number : `PRIORITY ${number}`;
      const inHeader = place === 'header' || place === 'both';
      const mark = inHeader ? ` ${pick(MARKS[state])}` : '';
      const header = headerForms[form]?.(label, title, mark) ?? '';
      const inLine = place === 'line' || place === 'both';
      const status = inLine ? [`**Status**: ${pick(STATUS_TEXTS[state])}`] : [];
      const read = form < 2 ? title.replaceAll('*', '') : title;
      return {
        entry: { number, title: read.trim(), state: place === 'none' ? 'planned' : state },
        lines: [header, ...before, ...status, ...body, ...closing, ...tail],
      };
    });

export interface WrittenDocument {
  text: string;
  entries: WrittenItem['entry'][];
}

/** Text of a file as people and the predecessors write it, with what it says. */
export const writtenDocuments: fc.Arbitrary<WrittenDocument> = fc
  .record({
    preamble: fc.constantFrom([], ['# Roadmap', '', 'Rules: **Status**: none'], ['```', '```', '']),
    items: fc
      .uniqueArray(numbers, { maxLength: 5 })
      .chain((list) => fc.tuple(...list.map((number) => writtenItem(number)))),
    eol: fc.constantFrom('\n', '\r\n'),
    bom: fc.boolean(),
    ending: fc.constantFrom('', '\n', '\n\n'),
  })
  .map(({ preamble, items, eol, bom, ending }) => ({
    entries: items.map((item) => item.entry),
    text:
      (bom ? '\uFEFF' : '') +
      [...preamble, ...items.flatMap((item) => item.lines)].join(eol) +
      ending.replaceAll('\n', eol),
  }));

/** Any text, with a good chance of what the grammar looks for. */
export const garbage = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('\n', '\r\n', '\r', '\t', ' ', '\uFEFF', '```', '~~~~', '<!--', '-->', '---'),
      fc.constantFrom('# ', '## ', '### ', 'PRIORITY 1', 'US-002', ':', '**', '✅', '[', ']', '\\'),
      fc.constantFrom('**Status**:', ' 📝 Planned', '\n### PRIORITY 1: x', '\n## US-2: y ✅ Done'),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

export const handEntries: fc.Arbitrary<RoadmapEntry> = fc.record({
  number: numbers,
  title: titles,
  state: states,
  body: handBodies,
  source: fc.constant(null),
});

export const handDocuments: fc.Arbitrary<RoadmapDocument> = fc.record({
  preamble: fc.constantFrom('', '# Roadmap\n\n', 'no newline', '\uFEFF', 'a\r\nb', '```\nx\n```'),
  items: fc.uniqueArray(handEntries, { maxLength: 5, selector: (entry) => entry.number }),
});
