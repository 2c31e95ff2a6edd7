import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { breakWhenSilent, connect } from '@coffee-roadmap/shared/db/connection';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { startRelay, type Relay } from '../../support/relay';

let database: TestDatabase;
let relay: Relay;

beforeAll(async () => {
  database = await createTestDatabase();
  const { hostname, port } = new URL(database.superuserUrl);
  relay = await startRelay({ host: hostname, port: Number(port) });
});
afterAll(async () => {
  await relay.close();
  await database.drop();
});

test('a network that swallows everything breaks a connection that waits, and no other', async () => {
  const waiting = await connect(relay.url(database.superuserUrl));
  const idle = await connect(relay.url(database.superuserUrl));
  const broken = new Promise<void>((resolve) => waiting.once('end', () => resolve()));
  let alsoIdle = false;
  idle.once('end', () => (alsoIdle = true));
  breakWhenSilent(waiting, 200);
  breakWhenSilent(idle, 200);
  await waiting.query('select 1');
  relay.swallow();
  const failure = await waiting.query('select 1').catch((error: unknown) => toAppError(error));
  expect(failure).toMatchObject({ code: 'not_reachable' });
  await broken;
  expect(alsoIdle).toBe(false);
  await idle.end();
});

test('a statement that takes its time is not taken for silence', async () => {
  await relay.mend();
  const client = await database.connect();
  breakWhenSilent(client, 1_000);
  const { rows } = await client.query('select pg_sleep(0.2), 1 as one');
  expect(rows).toMatchObject([{ one: 1 }]);
});
