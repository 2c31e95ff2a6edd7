import type { Config } from '../config/config';
import { handedIn } from '../imports/import-counts';
import { pushOverHttp } from '../imports/push-http';
import { findHttpSettings } from '../imports/push-settings';
import { outcomeOf } from './outcome';
import { pushNotes } from './push-notes';
import type { Road, RoadOutcome, RoadRun } from './road';

/** To a dashboard, with this machine's token. */
export function httpRoad(config: Config): Road {
  return {
    name: 'http',
    async push(run: RoadRun): Promise<RoadOutcome> {
      try {
        const settings = findHttpSettings(config);
        if (settings === undefined) return NOT_SET_UP;
        const result = await pushOverHttp(settings, run);
        const { counts } = result;
        return { state: 'done', sent: handedIn(counts), counts, notes: pushNotes(result) };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

const NOT_SET_UP: RoadOutcome = {
  state: 'not_set_up',
  reason: 'no dashboard’s address is configured',
  hint: 'coffee-roadmap push --set-up --url URL.',
};
