import type { PublishingHealth } from '@coffee-roadmap/shared/publishing/queries';
import { count } from '../../words';
import type { Finding } from './finding';

/** Of a hundred thousand runs ten may fail; of a thousand quarter hours five may be missed. */
const LEAST_SUCCESS = 0.9999;
const LEAST_UPTIME = 0.995;

/** How publishing went in the last 30 days, layer by layer; nothing where nobody publishes. */
export function checkPublishing(health: readonly PublishingHealth[]): Finding[] {
  return health.map((one): Finding => {
    const said = [
      `${one.layer.replace('_', ' ')} to ${one.team}: ${count(one.runs, 'run')}`,
      one.failed_runs > 0 ? `${one.failed_runs} failed` : '',
      one.uptime === null ? '' : `there ${(one.uptime * 100).toFixed(1)} % of the time`,
      one.delay_hours === null ? '' : `${one.delay_hours.toFixed(0)} h late on average`,
    ];
    const message = said.filter((part) => part !== '').join(', ');
    const low = one.success_rate < LEAST_SUCCESS || (one.uptime ?? 1) < LEAST_UPTIME;
    if (!low) return { check: 'publishing', state: 'ok', message };
    return {
      ...{ check: 'publishing', state: 'warn', message },
      hint: 'coffee-roadmap publish --check shows whether anything is missing.',
    };
  });
}
