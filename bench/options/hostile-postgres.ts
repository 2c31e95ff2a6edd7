import { openSession } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { makeUsage } from '../import/usage-records';
import { connect, withClient } from '../server/connect';
import type { Ground } from './ground';
import { answered, type Attack, type Scene } from './hostile';
import type { PostgresPlace } from './place';

const TABLE = 'coffee.notifications';

const SQL: Record<Attack, (scene: Scene) => string[]> = {
  'answers its own question': ({ open }) => [
    `select coffee.answer(${open}, 'Yes', 'cli')`,
    `update ${TABLE} set state = 'answered', answer = 'Yes' where id = ${open}`,
  ],
  'changes a person’s answer': ({ answered: id }) => [
    `select coffee.answer(${id}, 'Blue', 'cli')`,
    `update ${TABLE} set answer = 'Blue' where id = ${id}`,
  ],
  'rewrites the roadmap’s history': () => [
    `update coffee.roadmap_history set changed_by_name = 'nobody'`,
    'delete from coffee.roadmap_history',
  ],
  'reads a person’s detail': () => ['select * from coffee.usage_records'],
  'deletes the notifications': () => [`delete from ${TABLE}`, `truncate ${TABLE} cascade`],
  'drops a table': () => [`drop table ${TABLE} cascade`],
  'keeps people from writing': () => [
    `lock table ${TABLE} in access exclusive mode`,
    `lock table ${TABLE} in share mode`,
    `select * from ${TABLE} for update`,
  ],
};

/** As SQL over the daemon's own login, which is all that it has. */
export async function attackPostgres(
  ground: Ground,
  attack: Attack,
  scene: Scene,
): Promise<boolean> {
  await keepUsage(ground.person as PostgresPlace);
  const before = await historyOf(ground);
  const daemon = await connect(((await ground.daemon(0)) as PostgresPlace).url);
  try {
    let rows = 0;
    for (const sql of SQL[attack](scene)) rows += await tryOut(daemon, sql);
    if (attack === 'reads a person’s detail') return rows > 0;
    if (attack === 'keeps people from writing') return !(await answered(ground, scene.other));
    return await succeeded(ground, attack, scene, before);
  } finally {
    await daemon.end();
  }
}

/** In a transaction that stays open, with what it may keep in it; returns rows seen. */
async function tryOut(daemon: Client, sql: string): Promise<number> {
  const holding = sql.startsWith('lock') || sql.endsWith('for update');
  try {
    if (holding) await daemon.query('begin');
    return (await daemon.query(sql)).rows.length;
  } catch {
    if (holding) await daemon.query('rollback');
    return 0;
  }
}

/** Looked up as superuser, to whom nothing is hidden. */
function succeeded(
  { superuserUrl }: Ground,
  attack: Attack,
  { open, answered: id }: Scene,
  before: number,
): Promise<boolean> {
  const found = {
    'answers its own question': `select from ${TABLE} where id = ${open} and state <> 'pending'`,
    'changes a person’s answer': `select from ${TABLE} where id = ${id} and answer <> 'Red'`,
    'rewrites the roadmap’s history': `select from coffee.roadmap_history
      having count(*) filter (where changed_by_name <> 'nobody') < ${before}`,
    'deletes the notifications': `select where not exists (select from ${TABLE} where id = ${id})`,
    'drops a table': `select where to_regclass('${TABLE}') is null`,
  }[attack as Exclude<Attack, 'reads a person’s detail' | 'keeps people from writing'>];
  return withClient(superuserUrl!, async (client) => (await client.query(found)).rowCount! > 0);
}

function historyOf({ superuserUrl }: Ground): Promise<number> {
  return withClient(superuserUrl!, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from coffee.roadmap_history',
    );
    if (rows[0]!.count === 0) throw new Error('there is no history to rewrite');
    return rows[0]!.count;
  });
}

async function keepUsage({ url }: PostgresPlace): Promise<void> {
  const session = await openSession(url, 'person', { connections: 1 });
  const machineId = randomUUID();
  const records = makeUsage(machineId, 'detail', 1);
  const { refused } = await importBatch({ session }, { machineId, road: 'direct', records });
  await session.close();
  if (refused > 0) throw new Error('there is no detail to read');
}
