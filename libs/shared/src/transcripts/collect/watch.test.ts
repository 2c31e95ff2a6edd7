import { assistantLine } from '../testing/assistant-line';
import fs, { appendFileSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../../../tests/support/until';
import { makeWorkstation, type Workstation } from '../testing/workstation';
import type { CollectSummary } from './summary';
import { GATHER_MS, LOOK_MS, watchTranscripts } from './watch';

let machine: Workstation;
beforeEach(() => (machine = makeWorkstation()));
afterEach(() => machine.remove());

afterEach(() => jest.restoreAllMocks());

const usageIds = (): string[] =>
  machine.spooled().flatMap((text) => /"type":"usage".*"message_id":"(\w+)"/.exec(text)?.[1] ?? []);

/** Follows a transcript behind a link, and one that nobody has touched for long; passes that found something. */
async function watchTwoLines(): Promise<CollectSummary[]> {
  const projects = path.join(machine.claude, 'projects');
  writeFileSync(path.join(projects, 'old.jsonl'), assistantLine('old'));
  utimesSync(path.join(projects, 'old.jsonl'), new Date(0), new Date(0));
  const elsewhere = path.join(machine.home, 'elsewhere');
  mkdirSync(elsewhere);
  const file = path.join(elsewhere, 's1.jsonl');
  writeFileSync(file, assistantLine('m1'));
  symlinkSync(file, path.join(projects, 's1.jsonl'));
  const passes: CollectSummary[] = [];
  const over = new AbortController();
  const watching = watchTranscripts(machine.collector(), {
    roots: () => [projects],
    onPass: (summary) => passes.push(summary),
    signal: over.signal,
  });
  for (const id of ['m1', 'm2', 'm3']) {
    if (id !== 'm1') appendFileSync(file, assistantLine(id));
    await until(`${id} is spooled`, () => usageIds().includes(id));
  }
  over.abort();
  await watching;
  return passes.filter(({ usage_lines }) => usage_lines > 0);
}

it('has each line in the spool once, by whatever name the system tells of its file', async () => {
  await watchTwoLines();
  expect(usageIds().sort()).toEqual(['m1', 'm2', 'm3', 'old']);
});

it('looks several times a second at what was written to lately, where the system has no watchers to give', async () => {
  jest.spyOn(fs, 'watch').mockImplementation(() => {
    throw Object.assign(new Error('too many'), { code: 'ENOSPC' });
  });
  const passes = await watchTwoLines();
  expect(fs.watch).toHaveBeenCalled();
  // Not by the seldom looks at everything: after the first only this file was looked at.
  expect(passes.map(({ files }) => files)).toEqual([2, 1, 1]);
  expect(LOOK_MS + GATHER_MS).toBeLessThanOrEqual(500);
});
