import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import {
  createMachineToken,
  createUploadSecret,
  listMachines,
  renameMachine,
} from '@coffee-roadmap/shared/machines/queries';
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
let ben: Session<'person'>;
let dashboard: Session<'dashboard'>;
let collector: Session<'collector'>;
let server: Server;
let closed: Server;
let secret: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = async (
    kind: 'person' | 'dashboard' | 'collector',
    name: string = kind,
  ): Promise<string> =>
    database.urlFor(
      await ensureLogin(database.superuserUrl, { kind, name, password: PASSWORD }),
      PASSWORD,
    );
  ada = await openSession(await url('person'), 'person');
  ben = await openSession(await url('person', 'ben'), 'person');
  dashboard = await openSession(await url('dashboard'), 'dashboard');
  collector = await openSession(await url('collector'), 'collector');
  secret = (await createUploadSecret(ada)).token;
  server = await serve(collector);
  closed = await serve(undefined);
});
afterAll(async () => {
  server.close();
  closed.close();
  await Promise.all([ada.close(), ben.close(), dashboard.close(), collector.close()]);
  await database.drop();
});

async function serve(uploads: Session<'collector'> | undefined): Promise<Server> {
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
      collector: uploads,
      visibility: 'public',
    }),
  );
  app.use(answerFailure);
  const listening = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  return listening;
}

const at = (path: string, of = server): string =>
  `http://127.0.0.1:${(of.address() as AddressInfo).port}/api/${path}`;
/** As the original client sends it: JSON, the secret in the body. */
const set = (body: object, headers: object = {}, of = server): Promise<Response> =>
  fetch(at('set', of), {
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

/** Its own days by machine's label, as by-workstation shows them. */
const mine = async (label: string): Promise<Record<string, unknown>[]> => {
  const reply = await fetch(at('by-workstation'), { headers: { 'x-test-person': 'ada' } });
  const found = (await reply.json()) as {
    workstation_id: string;
    history: Record<string, unknown>[];
  }[];
  return found.find(({ workstation_id }) => workstation_id === label)?.history ?? [];
};

it('says what was said today', async () => {
  const day = new Date().toISOString().slice(0, 10);
  expect((await set(upload({ day, absolutely: 4, sorry: 9, total_messages: 70 }))).status).toBe(
    200,
  );
  await set(upload({ day, workstation_id: 'office', absolutely: 1, right: 0, total_messages: 5 }));
  const reply = await fetch(at('today'));
  // Of patterns that nobody has listed no stranger reads.
  expect(await reply.json()).toEqual({ absolutely: 5, right: 2, total_messages: 75 });
  expect((await mine('macbook-pro-home')).at(-1)).toMatchObject({ day, sorry: 9 });
});

it('adds up for its person what each workstation has, and nobody else keeps that', async () => {
  const day = new Date().toISOString().slice(0, 10);
  const reply = await fetch(at('stats'), { headers: { 'x-test-person': 'ada' } });
  expect(reply.headers.get('cache-control')).toBe('private, max-age=60');
  expect(await reply.json()).toEqual({
    workstations: [
      {
        workstation_id: 'macbook-pro-home',
        days: 2,
        first_day: DAY,
        last_day: day,
        total_messages: 150 + 70,
        patterns: { absolutely: 6 + 4, right: 2 + 2, sorry: 9 },
      },
      {
        workstation_id: 'office',
        days: 3,
        first_day: '2025-10-12',
        last_day: day,
        total_messages: 0 + 0 + 5,
        patterns: { absolutely: 18 + 1 + 1, right: 20 + 0 },
      },
    ],
  });
});

it('finds the machine by id, label or earlier label, and by the token of one', async () => {
  const day = '2025-10-20';
  const office = (await listMachines(ada)).find(({ label }) => label === 'office')!;
  const said = async (): Promise<unknown> =>
    (await mine('study')).find((entry) => entry.day === day)?.absolutely;
  await renameMachine(ada, office.id, 'study');
  const { token } = await createMachineToken(ada, office.id);
  const names = [office.id.toUpperCase(), 'STUDY', 'office'];
  for (const [n, workstation_id] of names.entries()) {
    expect((await set(upload({ day, workstation_id, absolutely: n + 1 }))).status).toBe(200);
    expect([workstation_id, await said()]).toEqual([workstation_id, n + 1]);
  }
  const whatever = upload({
    day,
    workstation_id: 'another name',
    absolutely: 9,
    secret: undefined,
  });
  expect((await set(whatever, { Authorization: `Bearer ${token}` })).status).toBe(200);
  expect(await said()).toBe(9);
  expect(await listMachines(ada)).toHaveLength(2);
});

it('never finds another person’s machine, not by its name and not by its id', async () => {
  const day = '2025-10-21';
  const [machine] = await listMachines(ada);
  const before = await mine(machine!.label);
  const { token } = await createUploadSecret(ben);
  for (const workstation_id of [machine!.label, machine!.id])
    expect((await set(upload({ day, workstation_id, secret: token }))).status).toBe(200);
  expect(await mine(machine!.label)).toEqual(before);
  const own = await listMachines(ben);
  expect(own.map(({ label }) => label).sort()).toEqual([machine!.label, machine!.id].sort());
  expect(own.map(({ id }) => id)).not.toContain(machine!.id);
  const total = ((await history()) as { day: string }[]).find((entry) => entry.day === day);
  expect(total).toMatchObject({ absolutely: 10, total_messages: 300 });
});

it('is closed where uploads have no login or no secret, and not open', async () => {
  const before = await history();
  expect((await set(upload({ absolutely: 77 }), {}, closed)).status).toBe(401);
  expect((await set(upload({ absolutely: 77, secret: '' }))).status).toBe(401);
  expect(await history()).toEqual(before);
  expect((await fetch(at('history', closed))).status).toBe(200);
});
