import type { Road, RoadOutcome, RoadRun } from './road';

export interface Attempt {
  road: string;
  outcome: RoadOutcome;
}

/** Sends by the first of the roads that works, in their order. The last attempt is the one that did, if any. */
export async function pushByFirstRoad(roads: readonly Road[], run: RoadRun): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const road of roads) {
    if (run.signal?.aborted) break;
    const outcome = await road.push(run);
    attempts.push({ road: road.name, outcome });
    if (outcome.state === 'done') break;
  }
  return attempts;
}
