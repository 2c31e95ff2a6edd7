import type { Client } from 'pg';
import { attempt, codeOf, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import {
  BLUE_MACHINE,
  importCall,
  importRecords,
  phrases,
  RED_MACHINE,
  session,
  THIRD_MACHINE,
  usage,
  userMessage,
} from './reports';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let collector: Client;
let token: string;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  collector = await world.as('collector');
  token = await valueOf(ben, 'select token from coffee.create_machine_token($1)', [RED_MACHINE]);
});
afterAll(() => world.close());

const cursorOf = (road: string): Promise<string | null> =>
  valueOf(collector, 'select coffee.machine_cursor($1, $2, $3)', [token, RED_MACHINE, road]);

it('takes a batch from the collector with a machine’s token, and moves the cursor with it', async () => {
  const about = { road: 'ssh', cursor: 'the last' };
  const counts = await importRecords(collector, [usage({ message_id: 'by token' })], {
    token,
    about,
  });
  expect(counts).toMatchObject({ refused: 1, reasons: { name: 1 } }); // a space
  expect(
    await importRecords(collector, [usage({ message_id: 'by-token' })], { token, about }),
  ).toEqual({
    inserted: 1,
    revised: 0,
    duplicate: 0,
    refused: 0,
    conflicts: 0,
    reasons: {},
  });
  expect(await cursorOf('ssh')).toBe('the last');
  expect(await cursorOf('git:backup')).toBeNull();
});

it('tells the collector alone whose records a token lets in', async () => {
  const ask = 'select coffee.token_machine($1)';
  expect(await valueOf(collector, ask, [token])).toBe(RED_MACHINE);
  const secret = await valueOf(ben, 'select token from coffee.create_upload_secret()');
  for (const none of [secret, 'crm_none', null])
    expect(await codeOf(collector, ask, [none])).toBe(NOT_ALLOWED);
  expect(await codeOf(ben, ask, [token])).toBe(NOT_ALLOWED);
});

it('leaves the cursor where it was when the batch fails', async () => {
  const before = await cursorOf('ssh');
  const records = Array.from({ length: 5001 }, (_, i) => usage({ message_id: `too-many-${i}` }));
  const [sql, params] = importCall(records, { token, about: { road: 'ssh', cursor: 'further' } });
  expect(await codeOf(collector, sql, params)).toBe(INVALID);
  expect(await cursorOf('ssh')).toBe(before);
});

it('refuses what has a field of a wrong type by itself, while the rest of its batch goes on', async () => {
  const good = [phrases(['right'], 'msg_sound'), userMessage('m-sound')];
  const wrong = [
    { type: 'tmux_scroll', window_index: 'abc' },
    { type: 'phrases', at: 'yesterday or so' },
    { type: 'phrases', patterns: { right: 1 } },
    'no record',
  ];
  const call = 'select coffee.import_records($1, $2, $3, p_others => $4)';
  const records = JSON.stringify([good[0], ...wrong, good[1]]);
  expect(await valueOf(collector, call, [token, RED_MACHINE, {}, records])).toMatchObject({
    inserted: 2,
    refused: wrong.length,
    reasons: { shape: wrong.length },
  });
  expect(
    await valueOf(collector, call, [token, RED_MACHINE, {}, JSON.stringify(wrong)]),
  ).toMatchObject({ inserted: 0, refused: wrong.length });
});

describe('is refused', () => {
  const refused = async (client: Client, handing: object): Promise<string> =>
    codeOf(client, ...importCall([usage({ message_id: 'refused' })], handing));

  it.each<[string, () => Promise<string>]>([
    ['without a token', () => refused(collector, {})],
    ['with a token that is none', () => refused(collector, { token: 'crm_0' })],
    [
      'with the token of another machine',
      () => refused(collector, { token, machineId: THIRD_MACHINE }),
    ],
    ['for somebody else’s machine', () => refused(ben, { machineId: BLUE_MACHINE })],
    ['with a token, by a login that is no collector', () => refused(ben, { token })],
    [
      'with a token that was revoked',
      async () => {
        const made = await ben.query<{ id: string; token: string }>(
          'select * from coffee.create_machine_token($1)',
          [RED_MACHINE],
        );
        await ben.query('select coffee.revoke_machine_token($1)', [made.rows[0]!.id]);
        return refused(collector, { token: made.rows[0]!.token });
      },
    ],
  ])('%s, and nothing is there', async (_how, hand) => {
    expect(await hand()).toBe(NOT_ALLOWED);
    expect(
      await world.root(`select from coffee.usage_records where message_id = 'refused'`),
    ).toEqual([]);
  });

  it('by somebody else, when its token is to be revoked', async () => {
    const id = await valueOf(ben, 'select id from coffee.create_machine_token($1)', [RED_MACHINE]);
    const carla = await world.as('carla');
    expect(await codeOf(carla, 'select coffee.revoke_machine_token($1)', [id])).toBe(NOT_FOUND);
  });
});

it('says the same of a token that is wrong and of one that is no more', async () => {
  const call = (wrong: string) => attempt(collector, ...importCall([], { token: wrong }));
  const [row] = (
    await ben.query<{ id: string; token: string }>(
      'select * from coffee.create_machine_token($1)',
      [RED_MACHINE],
    )
  ).rows;
  await ben.query('select coffee.revoke_machine_token($1)', [row!.id]);
  expect(await call(row!.token)).toEqual(await call('crm_wrong'));
});

it('stores no token as it is', async () => {
  const rows = await world.root<{ row: string }>(
    'select t::text as row from coffee.machine_tokens t',
  );
  expect(rows.filter(({ row }) => row.includes(token.slice(4)))).toEqual([]);
  expect(await codeOf(ben, 'select token_hash from coffee.machine_tokens')).toBe(NOT_ALLOWED);
});

it('takes over the label that a machine says, also when it has reported without one before', async () => {
  const machineId = '55555555-5555-4555-8555-555555555555';
  const label = async (): Promise<string> =>
    valueOf(ben, 'select label from coffee.machines where id = $1', [machineId]);
  const collector = await world.as('collector');
  const secret = await valueOf<string>(ben, 'select token from coffee.create_upload_secret()');
  const upload = `select coffee.set_day_counts($1, '2026-01-05', 'attic', '{"perfect": 3}', 7)`;
  await collector.query(upload, [secret]);
  await ben.query(`select coffee.machine_cursor(null, $1, 'direct')`, [machineId]);
  const known = 'select count(*)::int from coffee.machines where id = $1';
  expect(await valueOf(ben, known, [machineId])).toBe(0); // to ask makes nothing known
  await importRecords(ben, [], { machineId, about: { label: null } });
  expect(await label()).toBe('55555555');
  const say = (as: string) => importRecords(ben, [], { machineId, about: { label: as } });
  await say('Attic');
  expect(await label()).toBe('Attic');
  // What was uploaded under that name is this machine's now.
  const { rows } =
    await ben.query(`select machine_id from coffee.day_uploads where day = '2026-01-05'
    and total_messages = 7 and machine_id = '${machineId}'`);
  expect(rows).toHaveLength(1);
  await say('another'); // a label that somebody has given stays
  expect(await label()).toBe('Attic');
});

it('renames a machine, and still knows it by its earlier label', async () => {
  await ben.query('select coffee.rename_machine($1, $2)', [RED_MACHINE, 'desk\u001b[31m']);
  const [row] = (
    await ben.query('select label, aliases from coffee.machines where id = $1', [RED_MACHINE])
  ).rows;
  expect(row).toEqual({ label: 'desk[31m', aliases: ['red'] });
  const carla = await world.as('carla');
  expect(await codeOf(carla, `select coffee.rename_machine($1, 'mine')`, [RED_MACHINE])).toBe(
    NOT_FOUND,
  );
});

describe('a batch with something wrong in it', () => {
  it.each<[string, () => Parameters<typeof importRecords>[1][number], string]>([
    [
      'a clock that runs ahead',
      () => usage({ at: new Date(Date.now() + 2 * 86_400_000).toISOString() }),
      'time',
    ],
    [
      'a time before there was any of this',
      () => usage({ at: '1999-01-01T00:00:00.000Z' }),
      'time',
    ],
    ['less than no tokens', () => usage({ output_tokens: -1 }), 'tokens'],
    ['more tokens than any call has', () => usage({ output_tokens: 1e12 }), 'tokens'],
    ['a cost beyond reason', () => usage({ logged_cost_usd: '10001' }), 'cost'],
    ['an id with an escape sequence', () => ({ ...usage(), session_id: '\x1b[2J' }), 'name'],
    ['a folder with an escape sequence', () => usage({ folder: '/home/\x1b[2J' }), 'text'],
    ['a speed that there is not', () => ({ ...usage(), speed: 'warp' as 'fast' }), 'speed'],
    ['another machine’s id', () => userMessage('u-1', '/x', undefined, BLUE_MACHINE), 'forged'],
    ['another machine’s phrase', () => phrases(['right'], 'm', undefined, BLUE_MACHINE), 'forged'],
    ['a pattern with a line feed', () => phrases(['ri\nght'], 'm'), 'patterns'],
    [
      'a type that there is not',
      () =>
        JSON.parse(JSON.stringify(userMessage('u-2')).replace('"user_message"', '"screenshot"')),
      'type',
    ],
  ])('keeps the rest, and says why not: %s', async (what, wrong, reason) => {
    const name = what.replaceAll(/[^a-z]/g, '-');
    const good = usage({ message_id: name });
    const counts = await importRecords(ben, [wrong(), good, userMessage(name)]);
    expect(counts).toMatchObject({ inserted: 2, refused: 1, reasons: { [reason]: 1 } });
    const noted = await ben.query(
      `select from coffee.import_problems where kind = 'refused' and reason = $1`,
      [reason],
    );
    expect(noted.rowCount).toBeGreaterThan(0);
  });
});

it('notices one id with two contents, as a copied home makes them', async () => {
  const of = (folder: string) => [
    usage({ message_id: 'clone', folder }),
    userMessage('clone', folder),
  ];
  expect(await importRecords(ben, of('/home/a'))).toMatchObject({ inserted: 2, conflicts: 0 });
  expect(await importRecords(ben, of('/home/b'))).toMatchObject({ inserted: 0, conflicts: 2 });
  const { rowCount } = await ben.query(
    `select from coffee.import_problems where kind = 'conflict'`,
  );
  expect(rowCount).toBe(2);
});

it('keeps a session’s first beginning and last end, in any order', async () => {
  const [early, late] = ['2026-03-01T08:00:00.000Z', '2026-03-01T18:00:00.000Z'];
  const records = [
    session('started', late),
    session('ended', late),
    session('started', early),
    session('ended', early),
  ];
  for (const one of [...records, ...records.reverse()]) await importRecords(ben, [one]);
  const { rows } = await ben.query(
    `select action, at from coffee.activity_events where type = 'agent_session' and at >= '2026-03-01' order by 1`,
  );
  expect(rows).toMatchObject([{ action: 'ended', at: new Date(late) }]);
  const started = await ben.query(`select at from coffee.activity_events where action = 'started'`);
  expect(started.rows[0]).toMatchObject({ at: new Date('2026-02-03T04:05:06.789Z') });
});

it('gives up no row to one of two at once: the second waits and finds it', async () => {
  const other = await world.another('ben');
  const records = Array.from({ length: 300 }, (_, i) => usage({ message_id: `both-${i}` }));
  const found = await Promise.all([
    importRecords(ben, records),
    importRecords(other, [...records].reverse()),
  ]);
  expect(found[0].inserted + found[1].inserted).toBe(300);
  expect(found[0].duplicate + found[1].duplicate).toBe(300);
});
