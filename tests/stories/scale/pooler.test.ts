import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { valueOf } from '../../../db/tests/refusal';
import { createWorld, type Who, type World } from '../../../db/tests/world';
import { PGBOUNCER, type Pooler, startPooler } from '../../support/pooler';
import { until } from '../../support/until';

if (PGBOUNCER === undefined) process.stderr.write('skipped: no pgbouncer on this machine\n');

/** docs/scale.md: what holds behind a pooler in session mode, and what it takes. */
(PGBOUNCER === undefined ? describe.skip : describe)('behind pgbouncer in session mode', () => {
  const SETTINGS = {
    idle_in_transaction_session_timeout: '60000',
    search_path: 'pg_catalog',
    statement_timeout: '30000',
  };
  let world: World;
  let pooler: Pooler;

  beforeAll(async () => {
    world = await createWorld();
    // What programs ask for as they connect, which a pooler ignores.
    for (const [name, value] of Object.entries(SETTINGS))
      await world.root(`alter database ${world.database.name} set ${name} = ${value}`);
    pooler = await startPooler(world.database.superuserUrl, { default_pool_size: '1' });
  });
  afterAll(async () => {
    await pooler?.close();
    await world.close();
  });

  function urlOf(who: Who): string {
    const { login, password } = world.login(who);
    return pooler.through(world.database.urlFor(login, password));
  }
  const connect = (who: Who): Promise<Client> => world.database.connect(urlOf(who));
  const pid = (client: Client): Promise<number> => valueOf(client, 'select pg_backend_pid()');

  it('each is who they are, and sees what is theirs', async () => {
    for (const who of ['ben', 'carla'] as const) {
      const session = await openSession(urlOf(who), 'person', { connections: 1 });
      const direct = await world.as(who);
      const mine = 'select array_agg(id order by id) from coffee.notifications';
      const client = await connectAfter(session, who);
      expect(session.me.id).toBe(await valueOf(direct, 'select id from coffee.whoami()'));
      expect(await valueOf(client, mine)).toEqual(await valueOf(direct, mine));
      await client.end();
    }
    const wrong = new URL(urlOf('ben'));
    wrong.password = 'guessed';
    await expect(world.database.connect(wrong.href)).rejects.toThrow(/SASL|password/);
  });

  /** The pool holds one: whoever comes next gets that very connection. */
  async function connectAfter(session: Session, who: Who): Promise<Client> {
    await session.close();
    return connect(who);
  }

  it('nothing of a session stays on its connection for whoever comes next', async () => {
    const first = await connect('ben');
    const backend = await pid(first);
    await first.query('listen coffee_notifications');
    await first.query(`select set_config('coffee.session', 'mine', false)`);
    await first.end();
    const second = await connect('ben');
    expect(await pid(second)).toBe(backend);
    expect(await valueOf(second, `select current_setting('coffee.session', true)`)).toBe('');
    expect(await valueOf(second, 'select count(*)::int from pg_listening_channels()')).toBe(0);
    await second.end();

    const daemon = await connect('daemon');
    expect(await valueOf(daemon, `select daemon.attach('${randomUUID()}')`)).toBe(true);
    const held = `select count(*)::int from pg_locks where locktype = 'advisory' and pid = ${await pid(daemon)}`;
    expect(await valueOf(daemon, held)).toBe(1);
    await daemon.end();
    await until(
      'its lock is free',
      async () => (await world.root<{ count: number }>(held))[0]!.count === 0,
    );
  });

  it('a listener hears a hint', async () => {
    const session = await openSession(urlOf('anna'), 'person', { connections: 1 });
    await session.close();
    const heard: string[] = [];
    const listener = await session.listen({
      channels: ['coffee_notifications'],
      onHint: ({ channel }) => heard.push(channel),
    });
    await until('the hint comes', async () => {
      await world.root(`select pg_notify('coffee_notifications', '1')`);
      return heard.includes('coffee_notifications');
    });
    await listener.close();
  });

  it('whoever comes when all connections are taken waits, and is served', async () => {
    const first = await connect('ben');
    await pid(first); // takes the connection; the pooler itself lets clients in
    const second = await connect('ben');
    const served = valueOf(second, 'select 1').then(() => 'served');
    expect(await Promise.race([served, pid(first).then(() => 'waits')])).toBe('waits');
    await first.end();
    expect(await served).toBe('served');
    await second.end();
  });

  it('settings that programs ask for as they connect hold where the database has them', async () => {
    const session = await openSession(urlOf('carla'), 'person', { connections: 1 });
    const client = await connectAfter(session, 'carla');
    const found = await client.query(
      'select name, setting from pg_settings where name = any ($1) order by 1',
      [Object.keys(SETTINGS)],
    );
    expect(Object.fromEntries(found.rows.map(({ name, setting }) => [name, setting]))).toEqual(
      SETTINGS,
    );
    await client.end();
  });
});
