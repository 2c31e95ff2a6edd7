import type { Client } from 'pg';
import { LEDGER } from '../ledger';
import { codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import {
  BLUE_MACHINE,
  importCall,
  importRecords,
  RED_MACHINE,
  THIRD_MACHINE,
  usage,
  userMessage,
} from '../reports';
import { createWorld, type World } from '../world';

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

describe('machine-id forging in event ids', () => {
  it('is refused within a batch, and nothing of it is there', async () => {
    const forged = userMessage('forged', '/x', undefined, BLUE_MACHINE);
    const counts = await importRecords(ben, [forged]);
    expect(counts).toMatchObject({ inserted: 0, refused: 1, reasons: { forged: 1 } });
    expect(await world.root(`select from coffee.activity_events where id like '%:forged'`)).toEqual(
      [],
    );
  });

  it('is refused for a whole batch of another person’s machine', async () => {
    const call = importCall([usage({}, BLUE_MACHINE)], { machineId: BLUE_MACHINE });
    expect(await codeOf(ben, ...call)).toBe(NOT_ALLOWED);
    expect(
      await world.root('select from coffee.machines where id = $1', [BLUE_MACHINE]),
    ).toHaveLength(1);
  });

  it('does not open somebody else’s machine to one who has a token for their own', async () => {
    const collector = await world.as('collector');
    const token = await valueOf<string>(ben, 'select token from coffee.create_machine_token($1)', [
      RED_MACHINE,
    ]);
    const call = importCall([usage({}, BLUE_MACHINE)], { token, machineId: BLUE_MACHINE });
    expect(await codeOf(collector, ...call)).toBe(NOT_ALLOWED);
    const carla = await world.as('carla');
    const seize = 'select coffee.create_machine_token($1)';
    expect(await codeOf(carla, seize, [RED_MACHINE])).toBe(NOT_ALLOWED);
  });
});

describe('replay in another order', () => {
  it('changes nothing, by whatever road and machine order the copies come', async () => {
    const copies = [
      { machineId: THIRD_MACHINE, record: usage({ output_tokens: 159 }, THIRD_MACHINE) },
      { machineId: RED_MACHINE, record: usage({ output_tokens: 159 }) },
      { machineId: RED_MACHINE, record: usage({ output_tokens: 9 }) },
      {
        machineId: THIRD_MACHINE,
        record: usage({ is_sidechain: true, request_id: 'r9' }, THIRD_MACHINE),
      },
    ];
    const hand = async (each: typeof copies, road: string): Promise<unknown[]> => {
      for (const { machineId, record } of each)
        await importRecords(ben, [record], { machineId, about: { road } });
      return world.root(LEDGER, [world.ids.red.person]);
    };
    const first = await hand(copies, 'direct');
    expect(await hand([...copies].reverse(), 'ssh')).toEqual(first);
    await world.root('delete from coffee.usage_records where person_id = $1', [
      world.ids.red.person,
    ]);
    const again = await hand([...copies].reverse(), 'git');
    expect(again).toEqual(first.filter((row) => JSON.stringify(row).includes('"msg_1"')));
    expect(again).toMatchObject([{ row: { output_tokens: 159, machine_id: RED_MACHINE } }]);
  });
});

describe('cloned machine id', () => {
  it('is noted for its person when one id comes with two contents', async () => {
    await importRecords(ben, [userMessage('cloned', '/home/one')]);
    const counts = await importRecords(ben, [userMessage('cloned', '/home/two')]);
    expect(counts).toMatchObject({ conflicts: 1 });
    const { rows } = await ben.query(
      `select reason, times from coffee.import_problems where kind = 'conflict'`,
    );
    expect(rows).toEqual([{ reason: 'same_id', times: '1' }]);
    const carla = await world.as('carla');
    expect(
      (await carla.query(`select from coffee.import_problems where kind = 'conflict'`)).rowCount,
    ).toBe(0);
  });
});

describe('daemon reads private detail', () => {
  const DETAIL = ['usage_records', 'usage_buckets', 'usage_days', 'machines', 'machine_cursors'];
  const PRIVATE = [
    'phrase_records',
    'phrase_archives',
    'day_counts',
    'day_uploads',
    'activity_events',
    'message_texts',
  ];

  it.each([...DETAIL, ...PRIVATE])('of people: their %s are hidden from it', async (table) => {
    expect((await world.root(`select from coffee.${table}`)).length).toBeGreaterThan(0);
    const daemon = await world.as('daemon');
    if (PRIVATE.includes(table))
      expect(await codeOf(daemon, `select from coffee.${table}`)).toBe(NOT_ALLOWED);
    else expect((await daemon.query(`select from coffee.${table}`)).rowCount).toBe(0);
  });

  it.each([...DETAIL, ...PRIVATE])(
    'a person reads no %s of another, manager or admin',
    async (table) => {
      for (const who of ['mona', 'anna'] as const)
        expect((await (await world.as(who)).query(`select from coffee.${table}`)).rowCount).toBe(0);
      const others = `select from coffee.${table} where person_id <> $1`;
      expect((await ben.query(others, [world.ids.red.person])).rowCount).toBe(0);
      expect((await world.root(others, [world.ids.red.person])).length).toBeGreaterThan(0);
    },
  );

  it.each([...DETAIL, ...PRIVATE, 'machine_tokens', 'import_problems'])(
    'the collector reads no %s at all, with or without a token',
    async (table) => {
      expect(await codeOf(await world.as('collector'), `select from coffee.${table}`)).toBe(
        NOT_ALLOWED,
      );
    },
  );
});
