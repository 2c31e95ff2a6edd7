import type { Config } from '../config/config';
import { openReporter } from '../imports/open-reporter';
import { handedIn } from '../imports/import-counts';
import { pushSpool } from '../imports/push-spool';
import { outcomeOf } from './outcome';
import { pushNotes } from './push-notes';
import type { Road, RoadOutcome, RoadRun } from './road';

/** Straight into a Postgres: the collector's login with this machine's token, else one's own login. */
export function directRoad(config: Config): Road {
  return {
    name: 'direct',
    async push(run: RoadRun): Promise<RoadOutcome> {
      try {
        const reporter = await openReporter(config);
        if (reporter === undefined) return NOT_SET_UP;
        try {
          const result = await pushSpool(reporter, run);
          const { counts } = result;
          return { state: 'done', sent: handedIn(counts), counts, notes: pushNotes(result) };
        } finally {
          await reporter.session.close();
        }
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

const NOT_SET_UP: RoadOutcome = {
  state: 'not_set_up',
  reason: 'no database is configured',
  hint: 'coffee-roadmap push --set-up, or coffee-roadmap login URL.',
};
