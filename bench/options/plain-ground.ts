import { randomBytes } from 'node:crypto';
import type { BenchServer } from '../server/bench-server';
import { execute } from '../server/connect';
import type { Ground } from './ground';
import type { PlainPlace } from './place';

const TABLES = `
  create table traces (id text primary key, name text, user_id text, input text, output text,
    source text not null default 'daemon', created_at timestamptz not null default now(), updated_at timestamptz);
  create table generations (id text primary key, trace_id text not null, name text, model text, input text,
    output text, input_tokens integer, output_tokens integer, total_cost float8,
    source text not null default 'daemon', created_at timestamptz not null default now());
  create index on generations (trace_id);
  create index on generations (created_at);
  create table notifications (id bigint generated always as identity primary key, type text not null,
    priority text default 'normal', title text not null, message text, context text,
    status text default 'pending', user_response text,
    created_at timestamptz not null default now(), updated_at timestamptz);
  create index on notifications (status);
  create index on notifications (created_at);
  create table execution_log (id bigint generated always as identity primary key, level text not null,
    message text not null, created_at timestamptz not null default now());`;

/** The database of the predecessor's sketch, with its two logins. */
export async function openPlain(
  server: BenchServer,
): Promise<{ make: () => Promise<Ground>; close: () => Promise<void> }> {
  const { url } = await server.database('options_plain');
  const mark = randomBytes(4).toString('hex');
  const [daemon, person] = [`daemon_user_${mark}`, `admin_user_${mark}`];
  const password = randomBytes(12).toString('hex');
  const policies = ['traces', 'generations'].map(
    (table) => `
      alter table ${table} enable row level security;
      create policy daemon_policy on ${table} to ${daemon} using (source = 'daemon') with check (source = 'daemon');
      create policy admin_policy on ${table} to ${person} using (true);
      grant select, insert, update on ${table} to ${daemon};
      grant select on ${table} to ${person};`,
  );
  await execute(
    url,
    `${TABLES}
     create role ${daemon} login password '${password}';
     create role ${person} login password '${password}';
     ${policies.join('')}
     grant select, insert on notifications, execution_log to ${daemon};
     grant select, update on notifications to ${person};`,
  );
  const place = (role: PlainPlace['role'], login: string): PlainPlace => {
    const own = new URL(url);
    own.username = login;
    own.password = password;
    return { kind: 'plain', url: own.href, role };
  };
  const ground: Ground = {
    option: 'P',
    daemon: () => Promise.resolve(place('daemon', daemon)),
    person: place('person', person),
    slackbot: place('person', person),
    copies: undefined,
    superuserUrl: url,
    close: () => undefined,
  };
  return {
    async make() {
      await execute(url, 'truncate traces, generations, notifications, execution_log');
      return ground;
    },
    close: () =>
      execute(url, `drop owned by ${daemon}, ${person} cascade; drop role ${daemon}, ${person}`),
  };
}
