import type { PublishingHealth } from '@coffee-roadmap/shared/publishing/queries';
import { count } from '../../words';
import type { Finding } from './finding';

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
    if (!one.below_aim) return { check: 'publishing', state: 'ok', message };
    return {
      ...{ check: 'publishing', state: 'warn', message },
      hint: 'coffee-roadmap publish --check shows whether anything is missing.',
    };
  });
}
