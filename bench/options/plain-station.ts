import { connect, withClient } from '../server/connect';
import { TEXT } from './measures';
import type { PlainPlace } from './place';
import type { Kept, Station } from './station';

const MODEL = 'claude-opus-4-5';
const CALL = `insert into generations (id, trace_id, name, model, input, output, input_tokens, output_tokens, total_cost)
  values ($1, $2, 'claude', '${MODEL}', $3, $3, 1000, 200, 0.01)`;

/** Option C as the predecessor sketched it: bare tables and two policies, no functions, no sums. */
export async function openPlainStation({ url, role }: PlainPlace): Promise<Station> {
  const client = await connect(url);
  const listener = await connect(url);
  const run = (sql: string, ...values: unknown[]) =>
    client.query({ name: sql.slice(0, 60), text: sql, values });
  // Two things that one process does at once are two transactions on one connection, one after the other.
  let last: Promise<unknown> = Promise.resolve();
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work);
    last = next;
    return next;
  }
  const inTransaction = (statements: [string, ...unknown[]][]): Promise<void> =>
    alone(async () => {
      await client.query('begin');
      for (const [sql, ...values] of statements) await run(sql, ...values);
      await client.query('commit');
    });

  return {
    begin: (id) =>
      inTransaction([
        [`insert into traces (id, name, user_id, input) values ($1, 'work', 'ada', $2)`, id, TEXT],
        [CALL, `${id}a`, id, TEXT],
      ]),
    finish: (id) =>
      inTransaction([
        ['update traces set output = $2, updated_at = now() where id = $1', id, TEXT],
        [CALL, `${id}b`, id, TEXT],
        [`insert into execution_log (level, message) values ('info', $1)`, id],
      ]),
    ask: (title) =>
      alone(async () => {
        const { rows } = await run(
          `with asked as (insert into notifications (type, title) values ('question', $1) returning id)
           select id, pg_notify('notifications', '') from asked`,
          title,
        );
        return Number(rows[0].id);
      }),
    answer: (id, answer) =>
      alone(async () => {
        const { rowCount } = await run(
          `with given as (update notifications set status = 'responded', user_response = $2, updated_at = now()
             where id = $1 and status = 'pending' returning id)
           select id, pg_notify('notifications', '') from given`,
          id,
          answer,
        );
        return rowCount === 1;
      }),
    openQuestions: () =>
      alone(async () => {
        const { rows } = await run(
          `select id, title from notifications where status = 'pending' order by id`,
        );
        return rows.map(({ id, title }) => ({ id: Number(id), title }));
      }),
    answersTo: (ids) =>
      alone(async () => {
        const { rows } = await run(
          `select id, user_response from notifications where status = 'responded' and id = any ($1)`,
          ids,
        );
        return rows.map((row) => ({ id: Number(row.id), answer: row.user_response }));
      }),
    look: () =>
      alone(async () => {
        const sums = await run(
          'select model, sum(total_cost), sum(output_tokens) from generations group by model',
        );
        const newest = await run('select * from notifications order by id desc limit 20');
        return sums.rows.length + newest.rows.length;
      }),
    async watch(changed) {
      listener.on('notification', changed);
      await listener.query('listen notifications');
      changed();
    },
    kept: () => keptIn(url, role),
    async close() {
      await last.catch(() => undefined);
      await Promise.all([client.end(), listener.end()]);
    },
  };
}

function keptIn(url: string, role: PlainPlace['role']): Promise<Kept> {
  return withClient(url, async (client) => {
    const traces = await client.query('select id, output is not null as done from traces');
    const answers = await client.query(
      `select id, user_response from notifications where status = 'responded'`,
    );
    const log =
      role === 'daemon' ? await client.query('select message from execution_log') : undefined;
    return {
      traces: new Map(traces.rows.map(({ id, done }) => [id, done])),
      answers: new Map(answers.rows.map((row) => [Number(row.id), row.user_response])),
      torn: 0,
      logged: log && new Set(log.rows.map(({ message }) => message)),
    };
  });
}
