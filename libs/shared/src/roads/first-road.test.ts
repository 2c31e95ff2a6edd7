import { NO_COUNTS } from '../imports/import-counts';
import { pushByFirstRoad } from './first-road';
import type { Road, RoadOutcome, RoadRun } from './road';

const run = {} as RoadRun;
const done: RoadOutcome = { state: 'done', sent: 1, counts: NO_COUNTS, notes: [] };
const not = (state: 'not_set_up' | 'unreachable' | 'failed'): RoadOutcome => ({
  state,
  reason: 'why',
  hint: 'what',
});

function roads(...outcomes: RoadOutcome[]): Road[] {
  return outcomes.map((outcome, i) => ({ name: `r${i}`, push: () => Promise.resolve(outcome) }));
}

it('sends by the first road that works, and by no other after it', async () => {
  const tried = await pushByFirstRoad(
    roads(not('not_set_up'), not('unreachable'), not('failed'), done, done),
    run,
  );
  expect(tried.map(({ road }) => road)).toEqual(['r0', 'r1', 'r2', 'r3']);
  expect(tried.at(-1)!.outcome).toBe(done);
});

it('tells every attempt where none works, and begins none when it was stopped', async () => {
  expect(await pushByFirstRoad(roads(not('failed'), not('unreachable')), run)).toHaveLength(2);
  const signal = AbortSignal.abort();
  expect(await pushByFirstRoad(roads(done), { ...run, signal })).toEqual([]);
});
