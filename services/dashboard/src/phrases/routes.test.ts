import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import { createUploadSecret } from '@coffee-roadmap/shared/machines/queries';
import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import { listPhraseLabels, listPhraseTotals } from '@coffee-roadmap/shared/phrases/queries';
import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database';
import { answerFailure } from '../routes/failure';
import { SignedOut } from '../sign-in/gate';
import { phraseRoutes } from './routes';

const PASSWORD = 'for this test only';
const DAY = '2025-10-26';
let database: TestDatabase;
let ada: Session<'person'>;
let dashboard: Session<'dashboard'>;
let collector: Session<'collector'>;
let server: Server;
let secret: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = async (kind: 'person' | 'dashboard' | 'collector'): Promise<string> =>
    database.urlFor(
      await ensureLogin(database.superuserUrl, { kind, name: kind, password: PASSWORD }),
      PASSWORD,
    );
  ada = await openSession(await url('person'), 'person');
  dashboard = await openSession(await url('dashboard'), 'dashboard');
  collector = await openSession(await url('collector'), 'collector');
  secret = (await createUploadSecret(ada)).token;
  const app = express();
  app.use(
    '/api',
    phraseRoutes({
      totals: (_request, since) => listPhraseTotals(dashboard, since),
      labels: () => listPhraseLabels(dashboard),
      enter: (request, work) => {
        if (request.get('x-test-person') !== 'ada') throw new SignedOut();
        return work(ada);
      },
      collector,
      visibility: 'public',
    }),
  );
  app.use(answerFailure);
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
  server.close();
  await Promise.all([ada.close(), dashboard.close(), collector.close()]);
  await database.drop();
});

const at = (path: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/${path}`;
/** As the original client sends it: JSON, the secret in the body. */
const set = (body: object, headers: object = {}): Promise<Response> =>
  fetch(at('set'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const upload = (change: object = {}): object => ({
  day: DAY,
  workstation_id: 'macbook-pro-home',
  absolutely: 5,
  right: 2,
  total_messages: 150,
  secret,
  ...change,
});
const history = async (): Promise<unknown> => (await fetch(at('history'))).json();

it('adds machines up and sets each machine’s day, as the original does', async () => {
  const reply = await set(upload());
  expect([reply.status, await reply.json()]).toEqual([200, 'ok']);
  await set(upload({ workstation_id: 'office', absolutely: 3, right: 0, total_messages: 50 }));
  const both = [{ day: DAY, absolutely: 8, right: 2, total_messages: 200 }];
  expect(await history()).toEqual(both);
  await set(upload());
  expect(await history()).toEqual(both);
  await set(upload({ absolutely: 6 }));
  expect(await history()).toEqual([{ ...both[0], absolutely: 9 }]);
  const versions = await ada.db.selectFrom('coffee.day_uploads').selectAll().execute();
  expect(versions).toHaveLength(3);
});

it('takes the older names, and a token in the header', async () => {
  const old = { day: '2025-10-12', workstation_id: 'office', count: 18, right_count: 20 };
  expect((await set(old, { Authorization: `Bearer ${secret}` })).status).toBe(200);
  expect(await history()).toContainEqual({
    day: '2025-10-12',
    absolutely: 18,
    right: 20,
    total_messages: 0,
  });
});

it.each<[string, object, number]>([
  ['without a secret', { secret: undefined }, 401],
  ['with a wrong one', { secret: 'guessed' }, 401],
  ['without a machine', { workstation_id: undefined }, 400],
  ['with a day that is none', { day: 'yesterday' }, 400],
  ['with less than nothing', { absolutely: -1 }, 400],
  ['with half a phrase', { absolutely: 0.5 }, 400],
])('refuses an upload %s, and nothing changes', async (_how, change, status) => {
  const before = await history();
  expect((await set(upload(change))).status).toBe(status);
  expect(await history()).toEqual(before);
});

it('says today’s counts, and how long they hold', async () => {
  const reply = await fetch(at('today'));
  expect(await reply.json()).toEqual({ total_messages: 0 });
  expect(reply.headers.get('cache-control')).toBe('public, max-age=60');
  expect((await fetch(at('history'))).headers.get('cache-control')).toBe('public, max-age=300');
});

it('gives the page of phrases names, marked days and history in one', async () => {
  const reply = await fetch(at('phrases'));
  expect(reply.headers.get('cache-control')).toBe('public, max-age=60');
  expect(await reply.json()).toEqual({
    patterns: expect.arrayContaining([{ pattern: 'perfect', display_name: 'Perfect!' }]) as unknown,
    notes: expect.arrayContaining([{ day: '2025-09-29', note: 'Sonnet 4.5' }]) as unknown,
    history: await history(),
  });
});

it('names workstations to their person alone', async () => {
  for (const path of ['by-workstation', 'stats']) expect((await fetch(at(path))).status).toBe(401);
  const reply = await fetch(at('by-workstation'), { headers: { 'x-test-person': 'ada' } });
  expect(reply.headers.get('cache-control')).toContain('private');
  expect(await reply.json()).toMatchObject([
    { workstation_id: 'macbook-pro-home', history: [{ day: DAY, absolutely: 6 }] },
    { workstation_id: 'office' },
  ]);
});

it('never adds what a machine recorded and what was uploaded for it: records win', async () => {
  const machineId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
  const born = `${DAY}T10:00:00.000Z`;
  const id = makeRecordId({
    machineId,
    source: 'claude',
    type: 'phrases',
    at: born,
    discriminator: 'm1',
  });
  const base = { v: 1 as const, id, at: born, session_id: null, message_id: 'm1', line_uuid: null };
  await importBatch(
    { session: ada },
    {
      machineId,
      label: 'office',
      road: 'file',
      records: [{ ...base, type: 'phrases', source: 'claude', patterns: ['absolutely'] }],
    },
  );
  const [, day] = (await history()) as { absolutely: number }[];
  expect(day).toMatchObject({ day: DAY, absolutely: 7 });
});
