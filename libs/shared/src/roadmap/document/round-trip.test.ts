import fc from 'fast-check';
import { formatRoadmap } from './format-roadmap';
import { parseRoadmap } from './parse-roadmap';
import {
  garbage,
  handBodies,
  handDocuments,
  handEntries,
  states,
  titles,
  writtenDocuments,
} from './roadmap-arbitraries';
import type { RoadmapDocument, RoadmapEntry } from './roadmap-document';

const RUNS = { numRuns: 1000 };

const columns = ({ number, title, state, body }: RoadmapEntry) => ({ number, title, state, body });
const columnsOf = (document: RoadmapDocument) => document.items.map(columns);

/** Lines without the byte order mark, which stands before the first one. */
const linesOf = (text: string) => text.replace(/^\uFEFF/, '').split('\n');

/** The document with one of its items changed; undefined where it has none. */
function withChange(text: string, choice: number, change: Partial<RoadmapEntry>) {
  const { preamble, items } = parseRoadmap(text);
  const at = choice % Math.max(1, items.length);
  const item = items[at];
  if (item === undefined) return undefined;
  const changed = items.map((other, i) => (i === at ? { ...other, ...change } : other));
  return { at, item, document: { preamble, items: changed } };
}

describe('the round trip', () => {
  it('gives back any garbage to the byte', () => {
    fc.assert(
      fc.property(fc.oneof(garbage, fc.string({ unit: 'binary' })), (text) => {
        expect(formatRoadmap(parseRoadmap(text))).toBe(text);
      }),
      RUNS,
    );
  });

  it('gives back any written roadmap to the byte, and reads what it says', () => {
    fc.assert(
      fc.property(writtenDocuments, ({ text, entries }) => {
        const document = parseRoadmap(text);
        expect(formatRoadmap(document)).toBe(text);
        expect(
          document.items.map(({ number, title, state }) => ({ number, title, state })),
        ).toEqual(entries);
        expect(document.problems.filter((problem) => problem.level === 'error')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('keeps items made by hand over two round trips', () => {
    fc.assert(
      fc.property(handDocuments, (document) => {
        const text = formatRoadmap(document);
        const first = parseRoadmap(text);
        expect(columnsOf(first)).toEqual(columnsOf(document));
        const again = formatRoadmap(first);
        expect(again).toBe(text);
        expect(parseRoadmap(again)).toEqual(first);
      }),
      RUNS,
    );
  });

  it('reads what it wrote, whatever was changed', () => {
    const change = fc.record(
      { state: states, title: titles, body: handBodies },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          writtenDocuments.map(({ text }) => text),
          garbage,
        ),
        fc.nat(5),
        change,
        (text, choice, fields) => {
          const changed = withChange(text, choice, fields);
          if (changed === undefined) return;
          const read = parseRoadmap(formatRoadmap(changed.document));
          expect(columnsOf(read)).toEqual(columnsOf(changed.document));
        },
      ),
      RUNS,
    );
  });

  it('takes an item made by hand between any others', () => {
    fc.assert(
      fc.property(writtenDocuments, handEntries, fc.nat(5), ({ text }, made, choice) => {
        const { preamble, items } = parseRoadmap(text);
        const at = choice % (items.length + 1);
        const entry = { ...made, number: '99.99' };
        const more = [...items.slice(0, at), entry, ...items.slice(at)];
        const read = parseRoadmap(formatRoadmap({ preamble, items: more }));
        expect(columnsOf(read)).toEqual(more.map(columns));
      }),
      RUNS,
    );
  });

  it('appends an item made by hand to anything, closing what is left open', () => {
    fc.assert(
      fc.property(garbage, handEntries, (text, made) => {
        const { preamble, items } = parseRoadmap(text);
        const read = parseRoadmap(formatRoadmap({ preamble, items: [...items, made] }));
        expect(read.items).toHaveLength(items.length + 1);
        expect(read.items.slice(-1).map(columns)).toEqual([columns(made)]);
      }),
      RUNS,
    );
  });
});

describe('a change', () => {
  it('of the state rewrites header and status line alone, and comes back to the byte', () => {
    fc.assert(
      fc.property(writtenDocuments, fc.nat(5), states, ({ text }, choice, state) => {
        const changed = withChange(text, choice, { state });
        if (changed === undefined) return;
        const written = formatRoadmap(changed.document);
        const before = linesOf(text);
        const after = linesOf(written);
        expect(after).toHaveLength(before.length);
        const different = before.filter((line, i) => line !== after[i]);
        const header = changed.item.source?.text.split('\n')[0];
        for (const line of different) {
          expect(line === header || line.startsWith('**Status**: ')).toBe(true);
        }
        expect(different.length > 0).toBe(state !== changed.item.state);
        const back = formatRoadmap({
          ...changed.document,
          items: changed.document.items.map((item, i) => (i === changed.at ? changed.item : item)),
        });
        expect(back).toBe(text);
      }),
      RUNS,
    );
  });

  it('of the title rewrites the header alone', () => {
    fc.assert(
      fc.property(writtenDocuments, fc.nat(5), ({ text }, choice) => {
        const changed = withChange(text, choice, { title: 'Another name' });
        if (changed === undefined) return;
        const after = linesOf(formatRoadmap(changed.document));
        const before = linesOf(text);
        expect(after).toHaveLength(before.length);
        expect(before.filter((line, i) => line !== after[i])).toEqual([
          changed.item.source?.text.split('\n')[0],
        ]);
      }),
      RUNS,
    );
  });

  it('of the body leaves the other items as they are', () => {
    fc.assert(
      fc.property(writtenDocuments, fc.nat(5), handBodies, ({ text }, choice, body) => {
        const changed = withChange(text, choice, { body });
        if (changed === undefined) return;
        const written = formatRoadmap(changed.document);
        const { items } = changed.document;
        const source = (item: RoadmapEntry) => item.source?.text ?? '';
        const until = changed.document.preamble + items.slice(0, changed.at).map(source).join('');
        const from = items
          .slice(changed.at + 1)
          .map(source)
          .join('');
        expect(written.startsWith(until)).toBe(true);
        expect(written.endsWith(from)).toBe(true);
      }),
      RUNS,
    );
  });
});
