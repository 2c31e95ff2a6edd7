import fc from 'fast-check';
import type { ExistingItem, RoadmapDiff } from './diff-roadmap';
import { diffRoadmap } from './diff-roadmap';
import { formatRoadmap } from './format-roadmap';
import { parseRoadmap } from './parse-roadmap';
import {
  handBodies,
  handDocuments,
  handEntries,
  states,
  titles,
  writtenDocuments,
} from './roadmap-arbitraries';
import type { RoadmapState } from './roadmap-document';

const file = (...items: [number: string, status: string, title?: string][]) =>
  parseRoadmap(
    items
      .map(([number, status, title]) => `### PRIORITY ${number}: ${title ?? 'x'} [${status}]\n`)
      .join(''),
  );
const item = (number: string, state: RoadmapState, more: Partial<ExistingItem> = {}) => ({
  number,
  title: 'x',
  state,
  body: '',
  source: null,
  ...more,
});

const nothing = { add: [], change: [], missingInFile: [], kept: [], unheld: [], moved: false };

/** What the database holds after the import. */
function imported(existing: readonly ExistingItem[], diff: RoadmapDiff): ExistingItem[] {
  const changes = new Map(diff.change.map(({ number, fields }) => [number, fields]));
  const all = existing.map((one) => ({ ...one, ...changes.get(one.number) })).concat(diff.add);
  const at = new Map(all.map((one) => [one.number, one]));
  return diff.order.flatMap((number) => at.get(number) ?? []);
}

describe('an import', () => {
  it('adds, changes and lists, and deletes nothing', () => {
    const document = file(['1', 'planned'], ['3', 'done', 'new'], ['2', 'planned', 'other']);
    const diff = diffRoadmap(document, [
      item('2', 'planned'),
      item('9', 'done'),
      item('1', 'planned', { source: { text: '### PRIORITY 1: x [planned]\n' } }),
    ]);
    expect(diff.add.map((entry) => entry.number)).toEqual(['3']);
    expect(diff.change).toEqual([
      {
        number: '2',
        fields: { title: 'other', source: { text: '### PRIORITY 2: other [planned]\n' } },
      },
    ]);
    expect(diff.same).toEqual(['1']);
    expect(diff.missingInFile).toEqual(['9']);
    expect(diff.order).toEqual(['1', '3', '2', '9']);
    expect(diff.moved).toBe(true);
  });

  it.each<[RoadmapState, string, RoadmapState]>([
    ['planned', 'done', 'done'],
    ['planned', 'blocked', 'blocked'],
    ['blocked', 'planned', 'planned'],
    ['done', 'planned', 'planned'],
    ['in_progress', 'done', 'in_progress'],
    ['in_review', 'planned', 'in_review'],
    ['in_review', 'done', 'in_review'],
    ['planned', 'in progress', 'planned'],
    ['done', 'in review', 'done'],
  ])('of an item that is %s and in the file %s leaves it %s', (state, status, after) => {
    const existing = [item('1', state)];
    const diff = diffRoadmap(file(['1', status]), existing);
    expect(imported(existing, diff)[0]?.state).toBe(after);
    expect(diff.kept).toHaveLength(after === state ? 1 : 0);
  });

  it('changes no state that a daemon holds', () => {
    const existing = [item('1', 'planned', { held: true })];
    const diff = diffRoadmap(file(['1', 'done', 'other']), existing);
    expect(diff.change[0]?.fields).toMatchObject({ title: 'other' });
    expect(diff.change[0]?.fields).not.toHaveProperty('state');
    expect(diff.kept).toEqual([{ number: '1', state: 'planned', inFile: 'done', reason: 'held' }]);
  });

  it('names what it adds as in progress without anybody at work on it', () => {
    expect(diffRoadmap(file(['1', 'in progress'], ['2', 'done']), []).unheld).toEqual(['1']);
  });

  it('keeps new wording of the same', () => {
    const document = parseRoadmap('### PRIORITY 1: x [📋 Ready]\n');
    const existing = [item('1', 'planned', { source: { text: '### PRIORITY 1: x [planned]\n' } })];
    expect(diffRoadmap(document, existing).change).toEqual([
      { number: '1', fields: { source: document.items[0]?.source } },
    ]);
  });

  it('takes the first of two items with one number', () => {
    const diff = diffRoadmap(file(['1', 'done', 'a'], ['1', 'done', 'b']), []);
    expect(diff.add.map((entry) => entry.title)).toEqual(['a']);
    expect(diff.order).toEqual(['1']);
  });
});

describe('import, export, import', () => {
  const change = fc.record(
    { state: states, title: titles, body: handBodies },
    { requiredKeys: [] },
  );
  const mixed = fc
    .tuple(writtenDocuments, handEntries, fc.nat(5))
    .map(([{ text }, made, choice]) => {
      const { preamble, items } = parseRoadmap(text);
      const at = choice % (items.length + 1);
      const entry = { ...made, number: '99.9' };
      return { preamble, items: [...items.slice(0, at), entry, ...items.slice(at)] };
    });
  const written = writtenDocuments.map(({ text }) => parseRoadmap(text));
  const databases = fc.oneof(written, handDocuments, mixed);

  it('changes nothing, whatever happened in the database meanwhile', () => {
    fc.assert(
      fc.property(databases, fc.array(change, { maxLength: 5 }), (document, changes) => {
        const existing = document.items.map((one, i) => ({ ...one, ...changes[i] }));
        const exported = formatRoadmap({ preamble: document.preamble, items: existing });
        const diff = diffRoadmap(parseRoadmap(exported), existing);
        expect(diff).toMatchObject(nothing);
        expect(diff.same).toHaveLength(existing.length);
      }),
      { numRuns: 500 },
    );
  });

  it('settles after one import of any other file', () => {
    fc.assert(
      fc.property(databases, writtenDocuments, (document, { text }) => {
        const file = parseRoadmap(text);
        const after = imported(document.items, diffRoadmap(file, document.items));
        const again = diffRoadmap(file, after);
        expect(again.add).toEqual([]);
        expect(again.change).toEqual([]);
        expect(again.moved).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
