import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { migrate } from '@coffee-roadmap/db/migrate';
import { listen } from '@coffee-roadmap/shared/db/listener';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';

/** A server of this file's own: the one that all tests share cannot be killed. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-faults-'));
const dataDir = path.join(folder, 'postgres');
const password = 'for this test only';
let superuserUrl: string;
let personUrl: string;
let daemonUrl: string;
let project: string;

beforeAll(async () => {
  chmodSync(folder, 0o755); // as root the server runs as another account
  superuserUrl = (await startEmbeddedPostgres({ dataDir, durable: true })).superuserUrl;
  await migrate(superuserUrl);
  personUrl = await urlOf('person');
  daemonUrl = await urlOf('daemon');
  const person = await connect(personUrl);
  const settings = { agent: 'rehearsal' };
  const { rows } = await person.query<{ id: string }>(
    `select coffee.add_project(null, 'faults', '/x', $1) as id`,
    [settings],
  );
  project = rows[0]!.id;
  await person.end();
});

afterAll(async () => {
  await removeEmbeddedPostgres(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

async function urlOf(kind: 'person' | 'daemon'): Promise<string> {
  const url = new URL(superuserUrl);
  url.username = await ensureLogin(superuserUrl, { kind, name: kind, password });
  url.password = password;
  return url.href;
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  return client;
}

/** As any client has to: again, until the server takes connections. */
async function reconnect(url: string): Promise<Client> {
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      return await connect(url);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function addAndClaim(person: Client, daemon: Client, instance: string) {
  await person.query(`select coffee.add_item($1, 'x')`, [project]);
  await daemon.query('select daemon.attach($1)', [instance]);
  const { rows } = await daemon.query<{ item_id: string; fence: string }>(
    `select * from daemon.claim($1, '{rehearsal}')`,
    [instance],
  );
  return rows[0]!;
}

describe('backend kill -9', () => {
  it('ends every session, keeps what was committed, and the lease goes on', async () => {
    const person = await connect(personUrl);
    const daemon = await connect(daemonUrl);
    const instance = randomUUID();
    const { item_id: item, fence } = await addAndClaim(person, daemon, instance);
    await daemon.query(`select daemon.record_step($1, $2, 'note', 'committed')`, [item, fence]);
    await person.query('begin');
    await person.query(`select coffee.block_item($1, 'never committed')`, [item]);
    const { rows } = await person.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = new Promise<void>((resolve) => daemon.once('end', resolve));
    process.kill(rows[0]!.pid, 'SIGKILL');
    await ended; // the postmaster throws everybody out, because memory may be damaged

    const again = await reconnect(daemonUrl);
    await again.query('select daemon.attach($1)', [instance]);
    const held = await again.query(`select daemon.heartbeat($1, $2, '30 s') as held`, [
      item,
      fence,
    ]);
    expect(held.rows).toEqual([{ held: true }]);
    const steps = await again.query(
      `select s.summary, i.state from coffee.attempt_steps s join coffee.attempts a on a.id = s.attempt_id
       join coffee.roadmap_items i on i.id = a.item_id where i.id = $1`,
      [item],
    );
    expect(steps.rows).toEqual([{ summary: 'committed', state: 'in_progress' }]);
    await again.query(`select daemon.finish($1, $2, 'review', '', '{"branch": "b"}')`, [
      item,
      fence,
    ]);
    await again.end();
  });
});

describe('restart while listening', () => {
  it('reassigns nothing, and listeners catch up and hear again', async () => {
    const person = await connect(personUrl);
    const daemon = await connect(daemonUrl);
    const instance = randomUUID();
    const { item_id: item, fence } = await addAndClaim(person, daemon, instance);
    const heard: string[] = [];
    let wake = (): void => undefined;
    const listener = await listen(personUrl, {
      channels: ['coffee_notifications'],
      onHint: ({ channel }) => {
        heard.push(channel);
        wake();
      },
    });
    const until = async (channel: string, from: number): Promise<void> => {
      while (!heard.slice(from).includes(channel)) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    const before = heard.length;
    const server = await startEmbeddedPostgres({ dataDir, durable: true });
    await server.stop();
    await startEmbeddedPostgres({ dataDir, durable: true });
    await until('catch_up', before);

    const again = await reconnect(daemonUrl);
    await again.query('select daemon.attach($1)', [instance]);
    // Another one that looks for work at this moment finds none: the holder came back in time.
    const other = await again.query(`select * from daemon.claim(gen_random_uuid(), '{rehearsal}')`);
    expect(other.rows).toEqual([]);
    const mark = heard.length;
    await again.query(`select coffee.ask($1, 'Still there?')`, [project]);
    await until('coffee_notifications', mark);
    await again.query(`select daemon.finish($1, $2, 'review', '', '{"branch": "b"}')`, [
      item,
      fence,
    ]);
    await listener.close();
    await again.end();
  });
});
