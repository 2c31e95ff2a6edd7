import { openDatabase, type Database } from './driver';
import { TEXT } from './measures';
import type { SqlitePlace } from './place';
import type { Kept, Station } from './station';

/** How often a process looks whether another has written; SQLite tells nobody. */
const LOOK_EVERY_MS = 10;
const MODEL = 'claude-opus-4-5';

/** The predecessor's way: whoever has the file does what it likes, one writer at a time. */
export function openSqliteStation(place: SqlitePlace): Promise<Station> {
  const files = new Map<string, Database>();
  for (const file of [place.analytics, place.notifications, place.inner])
    if (!files.has(file)) files.set(file, openDatabase(file));
  const [analytics, notes, inner] = [place.analytics, place.notifications, place.inner].map(
    (file) => files.get(file)!,
  ) as [Database, Database, Database];
  const prepared = new Map<string, ReturnType<Database['prepare']>>();
  const on = (database: Database, sql: string) => {
    if (!prepared.has(sql)) prepared.set(sql, database.prepare(sql));
    return prepared.get(sql)!;
  };
  const now = (): string => new Date().toISOString();
  let timer: NodeJS.Timeout | undefined;

  function inTransaction<T>(database: Database, work: () => T): T {
    database.exec('begin immediate');
    try {
      const result = work();
      database.exec('commit');
      return result;
    } catch (error) {
      database.exec('rollback');
      throw error;
    }
  }
  const addCall = (traceId: string, letter: string): void => {
    on(analytics, 'insert into generations values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...[`${traceId}${letter}`, traceId, 'claude', MODEL, TEXT, TEXT, 1_000, 200, 0.01, now()],
    );
  };
  const addLine = (id: string): void => {
    on(inner, 'insert into execution_log (level, message, created_at) values (?, ?, ?)').run(
      ...['info', id, now()],
    );
  };
  const close = (id: string): void => {
    on(analytics, 'update traces set output = ?, updated_at = ? where id = ?').run(TEXT, now(), id);
    addCall(id, 'b');
  };

  const station: Station = {
    async begin(id) {
      inTransaction(analytics, () => {
        on(analytics, 'insert into traces values (?, ?, ?, ?, null, ?, null)').run(
          ...[id, 'work', 'ada', TEXT, now()],
        );
        addCall(id, 'a');
      });
    },
    async finish(id) {
      if (inner === analytics) {
        return inTransaction(analytics, () => (close(id), addLine(id)));
      }
      // Two files in WAL have no transaction in common, attached or not.
      inTransaction(analytics, () => close(id));
      inTransaction(inner, () => addLine(id));
    },
    async ask(title) {
      const insert = on(
        notes,
        `insert into notifications (type, title, message, created_at) values ('question', ?, '', ?)`,
      );
      return Number(inTransaction(notes, () => insert.run(title, now())).lastInsertRowid);
    },
    async answer(id, answer) {
      const update = on(
        notes,
        `update notifications set status = 'responded', user_response = ?, updated_at = ?
         where id = ? and status = 'pending'`,
      );
      return inTransaction(notes, () => update.run(answer, now(), id)).changes === 1;
    },
    openQuestions: async () =>
      on(notes, `select id, title from notifications where status = 'pending' order by id`)
        .all()
        .map((row) => ({ id: Number(row.id), title: String(row.title) })),
    answersTo: async (ids) =>
      on(
        notes,
        `select id, user_response from notifications
         where status = 'responded' and id in (select value from json_each(?))`,
      )
        .all(JSON.stringify(ids))
        .map((row) => ({ id: Number(row.id), answer: String(row.user_response) })),
    async look() {
      const sums = on(
        analytics,
        'select model, sum(total_cost), sum(output_tokens) from generations group by model',
      ).all();
      const newest = on(notes, 'select * from notifications order by id desc limit 20').all();
      return sums.length + newest.length;
    },
    async watch(changed) {
      let last: unknown;
      timer = setInterval(() => {
        const version = on(notes, 'pragma data_version').get()!.data_version;
        if (version !== last) changed();
        last = version;
      }, LOOK_EVERY_MS);
    },
    kept: async () => keptIn(analytics, notes, inner),
    async close() {
      clearInterval(timer);
      for (const database of files.values()) database.close();
    },
  };
  return Promise.resolve(station);
}

function keptIn(analytics: Database, notes: Database, inner: Database): Kept {
  const traces = new Map<string, boolean>();
  for (const row of analytics.prepare('select id, output from traces').all())
    traces.set(String(row.id), row.output !== null);
  const answers = new Map<number, string>();
  for (const row of notes
    .prepare(`select id, user_response from notifications where status = 'responded'`)
    .all())
    answers.set(Number(row.id), String(row.user_response));
  const calls = new Set(
    analytics
      .prepare('select id from generations')
      .all()
      .map((row) => String(row.id)),
  );
  const expected = [...traces].flatMap(([id, done]) => (done ? [`${id}a`, `${id}b`] : [`${id}a`]));
  const missing = expected.filter((id) => !calls.delete(id)).length;
  const log = inner.prepare('select message from execution_log').all();
  return {
    traces,
    answers,
    torn: missing + calls.size,
    logged: new Set(log.map((row) => String(row.message))),
  };
}
