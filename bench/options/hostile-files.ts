import { isBusy, openDatabase, type Database } from './driver';
import type { Ground } from './ground';
import { answered, type Attack, type Scene } from './hostile';
import { openOneWaySync } from './one-way-sync';
import type { SqlitePlace } from './place';

const SQL: Record<Attack, (scene: Scene) => string> = {
  'answers its own question': ({ open }) =>
    `update notifications set status = 'responded', user_response = 'Yes' where id = ${open}`,
  'changes a person’s answer': ({ answered: id }) =>
    `update notifications set user_response = 'Blue' where id = ${id}`,
  'rewrites the roadmap’s history': () => `update roadmap_history set changed_by = 'nobody'`,
  'reads a person’s detail': () => 'select * from usage_records',
  'deletes the notifications': () => 'delete from notifications',
  'drops a table': () => 'drop table notifications',
  'keeps people from writing': () => 'begin immediate',
};

/** Comes with its answer, and is believed where rows are copied. */
const FORGED = `insert into notifications (type, title, status, user_response, created_at)
  values ('question', 'May I?', 'responded', 'Yes', '2026-11-21')`;

/** In the files that the daemon's container is given, and no others. */
export async function attackFiles(ground: Ground, attack: Attack, scene: Scene): Promise<boolean> {
  const person = ground.person as SqlitePlace;
  const own = (await ground.daemon(0)) as SqlitePlace;
  run(person.notifications, `insert into roadmap_history values (1, 'ada', 'Priority 1', 'x')`);
  run(person.analytics, `insert into usage_records values (1, 'ada', '/home/ada/secret', 7)`);
  const sql = SQL[attack](scene);
  if (attack === 'reads a person’s detail') return ask(own.analytics, sql).length > 0;
  if (attack === 'keeps people from writing') return holds(own, sql, ground, scene);
  run(own.notifications, sql);
  if (ground.copies !== undefined && attack === 'answers its own question')
    run(own.notifications, FORGED);
  copyOnceMore(ground);
  return succeeded(person, attack, scene);
}

async function holds(own: SqlitePlace, sql: string, ground: Ground, { other }: Scene) {
  const holder = openDatabase(own.notifications);
  holder.exec(sql);
  try {
    return !(await answered(ground, other));
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    holder.close();
  }
}

function succeeded(person: SqlitePlace, attack: Attack, { answered: id }: Scene): boolean {
  const some = (sql: string): boolean => ask(person.notifications, sql).length > 0;
  switch (attack) {
    case 'answers its own question':
      return some(`select 1 from notifications where user_response = 'Yes'`);
    case 'changes a person’s answer':
      return some(`select 1 from notifications where id = ${id} and user_response = 'Blue'`);
    case 'rewrites the roadmap’s history':
      return some(`select 1 from roadmap_history where changed_by = 'nobody'`);
    case 'deletes the notifications':
      return !some('select 1 from notifications');
    default:
      return !some(`select 1 from sqlite_master where name = 'notifications'`);
  }
}

function copyOnceMore({ copies }: Ground): void {
  if (copies === undefined) return;
  try {
    const copier = openOneWaySync(copies.from, copies.to);
    copier.copy();
    copier.close();
  } catch {
    // A table that is gone on the daemon's side ends the copying; what people have stays.
  }
}

const run = (file: string, sql: string): void => withFile(file, (database) => database.exec(sql));
const ask = (file: string, sql: string) =>
  withFile(file, (database) => database.prepare(sql).all());

function withFile<T>(file: string, work: (database: Database) => T): T {
  const database = openDatabase(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}
