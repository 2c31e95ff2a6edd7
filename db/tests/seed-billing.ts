import type { Who } from './logins';
import type { Hands, TeamIds } from './seed';

/** A month that is long closed, whenever this runs. */
export const MONTH = '2026-01-01';

/** A person published a month of 90 minutes, and the manager billed it at 100 an hour. */
export async function bill(hands: Hands, ids: TeamIds, manager: Who, person: Who): Promise<void> {
  const [boss, worker] = [await hands.as(manager), await hands.as(person)];
  const { team, project } = ids;
  await boss.query('select coffee.set_granularity($1, $2, $3)', [team, {}, MONTH]);
  await boss.query('select coffee.set_billing($1, $2)', [project, { client: 'Acme' }]);
  for (const who of [null, person]) {
    await boss.query('select coffee.set_rate($1, $2, $3, 100)', [project, who, MONTH]);
  }
  await worker.query(`select coffee.link_project('folder', '/home/' || $2, $1)`, [project, person]);
  await worker.query(`select coffee.publish($1, $2, $3, 'hand')`, [
    team,
    MONTH,
    JSON.stringify([{ project, kind: 'time', measured_seconds: 5400, billed_seconds: 5400 }]),
  ]);
  await worker.query(`select coffee.log_publication($1, 'service', null, 1, 1)`, [team]);
  await boss.query(`select coffee.make_bill($1, $2, 'Acme')`, [team, MONTH]);
  await boss.query('select coffee.publish_insights($1, $2)', [team, MONTH]);
}
