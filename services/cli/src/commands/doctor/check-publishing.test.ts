import type { PublishingHealth } from '@coffee-roadmap/shared/publishing/queries';
import { checkPublishing } from './check-publishing';

const layer = (more: Partial<PublishingHealth>): PublishingHealth => ({
  ...{ team: 'red', layer: 'service', runs: 2_880, failed_runs: 0, success_rate: 1, changed: 4 },
  ...{ last_run_at: new Date(), delay_hours: 2.4, uptime: 0.998, below_aim: false, ...more },
});

it('says of each layer how it went, and warns of one below its aim', () => {
  expect(checkPublishing([])).toEqual([]);
  const ci = { layer: 'ci', runs: 1, changed: 0, delay_hours: null, uptime: null } as const;
  const failing = { failed_runs: 3, success_rate: 0.999, uptime: 0.91, below_aim: true };
  expect(
    checkPublishing([
      layer({}),
      layer(ci),
      layer(failing),
      layer({ ...ci, layer: 'git_hook', runs: 2, failed_runs: 1, below_aim: true }),
    ]),
  ).toEqual([
    {
      ...{ check: 'publishing', state: 'ok' },
      message: 'service to red: 2880 runs, there 99.8 % of the time, 2 h late on average',
    },
    { check: 'publishing', state: 'ok', message: 'ci to red: 1 run' },
    {
      ...{ check: 'publishing', state: 'warn' },
      message: 'service to red: 2880 runs, 3 failed, there 91.0 % of the time, 2 h late on average',
      hint: 'coffee-roadmap publish --check shows whether anything is missing.',
    },
    {
      ...{ check: 'publishing', state: 'warn', message: 'git hook to red: 2 runs, 1 failed' },
      hint: 'coffee-roadmap publish --check shows whether anything is missing.',
    },
  ]);
});
