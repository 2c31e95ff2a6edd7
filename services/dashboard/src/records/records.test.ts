import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { pushOverHttp } from '@coffee-roadmap/shared/imports/push-http';
import {
  createMachineToken,
  createUploadSecret,
  revokeMachineToken,
} from '@coffee-roadmap/shared/machines/queries';
import { appendTexts } from '@coffee-roadmap/shared/texts/outbox';
import { httpPlace } from '@coffee-roadmap/shared/texts/places';
import { listTexts } from '@coffee-roadmap/shared/texts/queries';
import { saveTextSetting } from '@coffee-roadmap/shared/texts/setting';
import { makeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import {
  makeWorkstation,
  type Workstation,
} from '@coffee-roadmap/shared/transcripts/testing/workstation';
import express from 'express';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { until } from '../../../../tests/support/until';
import { startSdkServer, type SdkServer } from '../ingestion/testing/sdk-server';
import { recordsRouter } from './records-router';

const AT = '2026-02-03T04:05:06.789Z';
const OTHER = 'c0c0c0c0-0000-4000-8000-000000000003';

let server: SdkServer;
let person: Session<'person'>;
let machine: Workstation;
let token: { id: number; token: string };
beforeAll(async () => {
  server = await startSdkServer();
  const { database } = server;
  const login = { kind: 'person', name: 'Ada', password: 'for this test only' } as const;
  const name = await ensureLogin(database.superuserUrl, login);
  person = await openSession(database.urlFor(name, login.password), 'person');
  machine = makeWorkstation();
  token = await createMachineToken(person, machine.identity.machine_id, 'devbox');
});
afterAll(async () => {
  await person.close();
  await server.close();
  machine.remove();
});

const line = (name: string, id = machine.identity.machine_id): string =>
  `${JSON.stringify({
    v: 1,
    id: `${id}:manual:user_message:${AT}:${name}`,
    at: AT,
    type: 'user_message',
    source: 'manual',
  })}\n`;
const header = (): string =>
  `${JSON.stringify({
    type: 'export_start',
    v: 1,
    program: 'curl',
    program_version: '1',
    machine_id: machine.identity.machine_id,
    label: 'devbox',
    after: null,
    after_found: true,
  })}\n`;

async function post(
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  url = server.url,
) {
  const response = await fetch(`${url}/api/records`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { Authorization: `Bearer ${token.token}`, ...headers },
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, json };
}
const cursor = async (): Promise<unknown> =>
  (
    await server.rows<{ cursor: string }>(
      `select split_part(cursor, ':', 7) as cursor from coffee.machine_cursors where road = 'http'`,
    )
  )[0]?.cursor;

test('takes bare lines and exports, packed or not, each line for itself', async () => {
  const first = await post(`${line('m1')}no json\n${line('m2', OTHER)}${line('m3')}`);
  expect(first).toMatchObject({
    status: 200,
    json: { inserted: 2, refused: 2, reasons: { forged: 1, not_json: 1 }, cursor: null },
  });
  const packed = gzipSync(header() + line('m1') + line('m4') + 'x'.repeat(70_000) + '\n');
  const second = await post(packed, { 'Content-Encoding': 'gzip' });
  expect(second).toMatchObject({ status: 200, json: { inserted: 1, duplicate: 1, refused: 1 } });
  expect(await cursor()).toBe('m4');
  expect((await post('x', { 'Content-Encoding': 'br' })).status).toBe(415);
  expect((await post('x', { 'Content-Encoding': 'gzip' })).status).toBe(400);
});

test('lets nobody in without a live token of that machine, and reads nobody’s body before', async () => {
  const secret = await createUploadSecret(person);
  const gone = await createMachineToken(person, machine.identity.machine_id);
  await revokeMachineToken(person, gone.id);
  const none = `crm_${'0'.repeat(64)}`;
  for (const wrong of [
    '',
    'Basic eDp5',
    `Bearer ${none}`,
    `Bearer ${secret.token}`,
    `Bearer ${gone.token}`,
  ]) {
    const { status, json, headers } = await post(line('m5'), { Authorization: wrong });
    expect([wrong, status]).toEqual([wrong, 401]);
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(JSON.stringify(json)).not.toContain(gone.token);
  }
  expect(await server.rows(`select 1 from coffee.activity_events where id like '%m5'`)).toEqual([]);
});

test('keeps what came of a body that was cut off, and the next push goes on behind it', async () => {
  machine.write(makeCorpus({ seed: 5, sessions: 60, messages: 30 }));
  await machine.collector().pass();
  const body = Buffer.from(
    header() + [...Array(3_000).keys()].map((n) => line(`cut-${n}`)).join(''),
  );
  const sending = httpRequest(`${server.url}/api/records`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token.token}` },
  });
  sending.on('error', () => undefined);
  sending.write(body.subarray(0, body.length - 100));
  await until('a batch is in', async () => String(await cursor()).startsWith('cut-'));
  sending.destroy();
  await until('what came is in', async () => (await cursor()) === 'cut-2998');
  const run = {
    paths: machine.paths,
    identity: machine.identity,
    programVersion: '0.1.0',
  };
  const settings = { http_url: server.url, machine_token: token.token };
  const first = await pushOverHttp(settings, run);
  expect(first.anew).toBe(true); // that cursor is none of this spool
  expect(first.counts.inserted).toBeGreaterThan(1_000);
  expect(first.counts.refused).toBe(0);
  expect(await pushOverHttp(settings, run)).toMatchObject({ anew: false, counts: { inserted: 0 } });
  saveTextSetting(machine.paths, { since: AT, to: [httpPlace(server.url)] });
  const text = {
    type: 'message_text',
    source: 'claude',
    role: 'user',
    line_uuid: 'u-1',
    text: 'hi',
  };
  const id = `${machine.identity.machine_id}:claude:message_text:${AT}:u-1`;
  appendTexts(machine.paths, Buffer.from(`${JSON.stringify({ v: 1, id, at: AT, ...text })}\n`));
  const wordy = await pushOverHttp(settings, run);
  expect(wordy).toMatchObject({ anew: false, texts: 1, counts: { inserted: 1, refused: 0 } });
  expect(await listTexts(person, { most: 5 })).toMatchObject([{ text: 'hi', machine: 'devbox' }]);
  const wrong = { ...settings, machine_token: `crm_${'1'.repeat(64)}` };
  await expect(pushOverHttp(wrong, run)).rejects.toMatchObject({ code: 'not_allowed' });
  const away = { ...settings, http_url: 'http://127.0.0.1:9' };
  await expect(pushOverHttp(away, run)).rejects.toMatchObject({ code: 'not_reachable' });
});

test('turns away whom it cannot serve now, with a time to come again, and push comes again', async () => {
  const options = { session: await openCollector(), onFault: () => undefined };
  const busy = await listen(
    { collector: options.session, onFault: options.onFault, atOnce: 0 },
    600,
  );
  const refused = await post(line('m6'), {}, busy.url);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  const narrow = await listen({ collector: options.session, onFault: options.onFault }, 1);
  expect((await post(line('m6'), {}, narrow.url)).status).toBe(200);
  const second = await post(line('m7'), {}, narrow.url);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '5']);
  // Away twice, then there.
  const answers = [503, 429];
  const flaky = createServer((_request, response) => {
    const status = answers.shift();
    if (status !== undefined)
      return void response.writeHead(status, { 'Retry-After': '0' }).end('{}');
    response.end(JSON.stringify({ machine_id: OTHER, cursor: null, inserted: 1 }));
  }).listen(0, '127.0.0.1');
  await once(flaky, 'listening');
  const { port } = flaky.address() as AddressInfo;
  const settings = { http_url: `http://127.0.0.1:${port}`, machine_token: token.token };
  const run = { paths: machine.paths, identity: machine.identity, programVersion: '0.1.0' };
  expect((await pushOverHttp(settings, run)).counts.inserted).toBeGreaterThan(0);
  flaky.close();
  await Promise.all([busy.close(), narrow.close()]);
  await options.session.close();
});

async function openCollector(): Promise<Session<'collector'>> {
  const { database } = server;
  const login = { kind: 'collector', name: 'collector', password: 'for this test only' } as const;
  const name = await ensureLogin(database.superuserUrl, login);
  return openSession(database.urlFor(name, login.password), 'collector');
}

async function listen(
  options: Omit<Parameters<typeof recordsRouter>[0], 'perMinute'>,
  perToken: number,
): Promise<{ url: string; close(): Promise<unknown> }> {
  const app = express();
  app.use(recordsRouter({ ...options, perMinute: { token: perToken, stranger: 100 } }));
  const http: Server = createServer(app).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(resolve));
    },
  };
}
