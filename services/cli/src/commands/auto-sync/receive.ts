import { requireOwnDatabase } from '@coffee-roadmap/shared/config/config';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import type { Attempt } from '@coffee-roadmap/shared/roads/first-road';
import { outcomeOf } from '@coffee-roadmap/shared/roads/outcome';
import type { Road, RoadOutcome, RoadRun } from '@coffee-roadmap/shared/roads/road';
import type { Context } from '../../context';
import { bringUpToDate } from '../recompute/bring-up-to-date';
import { pullAll } from '../sync/pull-all';
import type { RemoteOutcome } from '../sync/remote-outcome';

/** No road: computing what follows from the records that came. */
export const WORKING_TIME = 'working time';

/** What one round did. */
export interface Round {
  attempts: Attempt[];
  remotes: RemoteOutcome[];
}

/**
 * What others recorded comes in: by the road that was taken, where it brings such, and from remotes over
 * ssh. Nobody is there to ask: a new machine is called what it calls itself.
 */
export async function receive(
  context: Context,
  road: Road | undefined,
  remotes: readonly string[],
  run: RoadRun & { signal: AbortSignal },
): Promise<Round> {
  const config = context.config();
  const name = `${road?.name} (fetch)`;
  const round: Round = { attempts: [], remotes: [] };
  if (road?.pull === undefined && remotes.length === 0) return round;
  if ((config.databaseUrl ?? config.teamDatabaseUrl) === undefined && remotes.length === 0)
    return { ...round, attempts: [{ road: name, outcome: NO_DATABASE }] };
  try {
    const session = await openSession(requireOwnDatabase(config), 'person');
    try {
      if (road?.pull)
        round.attempts.push({ road: name, outcome: await road.pull({ ...run, session }) });
      const options = { yes: true, parallel: 2 };
      const { signal } = run;
      if (remotes.length > 0)
        round.remotes.push(...(await pullAll({ context, options, session, remotes, signal })));
      if (!signal.aborted) round.attempts.push(...(await compute(context, session, signal)));
    } finally {
      await session.close();
    }
  } catch (error) {
    const failure = toAppError(error);
    if (road?.pull && round.attempts.length === 0)
      round.attempts.push({ road: name, outcome: outcomeOf(failure) });
    if (round.remotes.length === 0)
      round.remotes = remotes.map((remote) => ({ remote, state: 'failed', error: failure }));
  }
  return round;
}

/** What came in is in the database whatever happens here; the next round computes it again. */
async function compute(
  context: Context,
  session: Session<'person'>,
  signal: AbortSignal,
): Promise<Attempt[]> {
  try {
    await bringUpToDate(context, session);
    return [];
  } catch (error) {
    return signal.aborted ? [] : [{ road: WORKING_TIME, outcome: outcomeOf(error) }];
  }
}

const NO_DATABASE: RoadOutcome = {
  state: 'not_set_up',
  reason: 'no database is configured to fetch into',
  hint: 'coffee-roadmap login',
};
