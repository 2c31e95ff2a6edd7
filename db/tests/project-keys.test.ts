import type { Client } from 'pg';
import { newKey } from './project-key';
import { codeOf, NOT_ALLOWED, NOT_FOUND } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let collector: Client;
let key: string[];
beforeAll(async () => {
  world = await createWorld();
  collector = await world.as('collector');
  key = await newKey(await world.as('ben'), world.ids.red.project);
});
afterAll(() => world.close());

const event = (id: string, body: object): object => ({
  ...{ id, type: 'trace-create', timestamp: '2026-11-20T10:00:00.000Z', body },
});
const statusOf = async (one: object, pair: string[]): Promise<string> =>
  (
    await collector.query<{ status: string }>('select * from coffee.ingest_with_key($1, $2, $3)', [
      ...pair,
      JSON.stringify([one]),
    ])
  ).rows[0]!.status;

describe('a key', () => {
  const sql = 'select coffee.ingest_with_key($1, $2, $3)';
  const batch = JSON.stringify([event('k1', { id: 'with a key' })]);

  it.each([
    ['with another secret', () => [key[0], `${key[1]!.slice(0, -1)}x`]],
    ['without a secret', () => [key[0], null]],
    ['of nobody', () => ['pk-lf-0', 'sk-lf-0']],
  ])('%s is not valid', async (_what, pair) => {
    expect(await codeOf(collector, sql, [...pair(), batch])).toBe(NOT_ALLOWED);
    const found = await world.root(`select from coffee.traces where id = 'with a key'`);
    expect(found).toEqual([]);
  });

  it('writes into its own project, whatever the batch says', async () => {
    const blue = await newKey(await world.as('carla'), world.ids.blue.project);
    const outside = event('k2', { id: 'blue outside', projectId: world.ids.red.project });
    expect(await statusOf(outside, blue)).toBe('accepted');
    const [row] = await world.root<{ project_id: string }>(
      `select project_id from coffee.traces where id = 'blue outside'`,
    );
    expect(row!.project_id).toBe(world.ids.blue.project);
  });

  it('is not valid once it is revoked, by somebody of the team alone', async () => {
    const pair = await newKey(await world.as('ben'), world.ids.red.project);
    const [{ id } = { id: '' }] = await world.root<{ id: string }>(
      'select id from coffee.project_keys where public_key = $1',
      [pair[0]],
    );
    const revoke = 'select coffee.revoke_project_key($1)';
    expect(await codeOf(await world.as('carla'), revoke, [id])).toBe(NOT_FOUND);
    expect(await statusOf(event('k3', { id: 'before' }), pair)).toBe('accepted');
    await (await world.as('mona')).query(revoke, [id]);
    expect(await codeOf(collector, sql, [...pair, batch])).toBe(NOT_ALLOWED);
  });

  it('is used by the collector’s login alone', async () => {
    for (const who of ['ben', 'daemon', 'agent', 'dashboard', 'slackbot'] as const) {
      expect([who, await codeOf(await world.as(who), sql, [...key, batch])]).toEqual([
        who,
        NOT_ALLOWED,
      ]);
    }
  });

  it('shows nobody its secret', async () => {
    const ben = await world.as('ben');
    expect(await codeOf(ben, 'select secret_hash from coffee.project_keys')).toBe(NOT_ALLOWED);
    const [row] = await world.root<{ found: boolean }>(
      `select bool_or(to_jsonb(k)::text like '%' || $1 || '%') as found from coffee.project_keys k`,
      [key[1]],
    );
    expect(row!.found).toBe(false);
  });
});
