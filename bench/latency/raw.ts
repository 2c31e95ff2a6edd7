import type { BenchServer } from '../server/bench-server';
import { connect, execute } from '../server/connect';
import { createMeeting, type Pair } from './pair';

/** The least that Postgres can do: a superuser, one plain table, one statement, one hint. */
export async function openRaw(server: BenchServer): Promise<Pair> {
  const { url } = await server.database('raw');
  await execute(
    url,
    `create table question (
       id bigint generated always as identity primary key,
       title text not null, message text not null default '', options jsonb not null,
       state text not null default 'pending', created_at timestamptz not null default now())`,
  );
  const [writer, reader, listener] = await Promise.all([connect(url), connect(url), connect(url)]);

  const meeting = createMeeting();
  listener.on('notification', ({ payload }) => {
    void reader
      .query<{ id: string }>('select * from question where id = $1', [payload])
      .then(({ rows }) => meeting.arrived(Number(rows[0]!.id)));
  });
  await listener.query('listen question');

  return {
    async sample() {
      const start = performance.now();
      const { rows } = await writer.query<{ id: string; told: unknown }>(
        `with written as (insert into question (title, options) values ($1, $2) returning id)
         select id, pg_notify('question', id::text) as told from written`,
        ['Which colour?', JSON.stringify([{ label: 'Red' }, { label: 'Blue' }])],
      );
      return (await meeting.until(Number(rows[0]!.id))) - start;
    },
    async close() {
      await Promise.all([writer, reader, listener].map((client) => client.end()));
    },
  };
}
