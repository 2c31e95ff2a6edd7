import type { Client } from 'pg';
import { NO_PERSON } from './logins';
import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { importRecords, messageText, RED_MACHINE, THIRD_MACHINE } from './reports';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

const KEPT = `select line_uuid, machine_id, at, role, session_id, text from coffee.message_texts
  where line_uuid like 'copy-%' order by line_uuid`;

it('keeps a line once, the same whatever the order in which its copies come', async () => {
  const copies = [
    {
      machineId: RED_MACHINE,
      records: [messageText('copy-1', 'hello'), messageText('copy-2', 'b\n\ta')],
    },
    {
      machineId: THIRD_MACHINE,
      records: [
        messageText('copy-1', 'hello', { machineId: THIRD_MACHINE }),
        messageText('copy-2', 'b\n\ta', {
          machineId: THIRD_MACHINE,
          at: '2026-02-03T04:05:06.000Z',
          session_id: 'a-fork',
        }),
      ],
    },
  ];
  const hand = async (each: typeof copies): Promise<unknown> => {
    await world.root(`delete from coffee.message_texts where line_uuid like 'copy-%'`);
    for (const { machineId, records } of each)
      expect(
        await importRecords(ben, records, { machineId, about: { label: machineId.slice(0, 4) } }),
      ).toMatchObject({ refused: 0 });
    return (await ben.query(KEPT)).rows;
  };
  const first = await hand(copies);
  expect(first).toMatchObject([
    { machine_id: RED_MACHINE, text: 'hello' },
    { machine_id: THIRD_MACHINE, session_id: 'a-fork', text: 'b\n\ta' },
  ]);
  expect(await hand([...copies].reverse())).toEqual(first);
  expect(await importRecords(ben, copies[0]!.records)).toMatchObject({ inserted: 0, duplicate: 2 });
});

it('refuses what is no text of a person, each by itself', async () => {
  const counts = await importRecords(ben, [
    messageText('odd-1', 'x'.repeat(8001)),
    messageText('odd-2', 'a\u001b[2Jb'),
    messageText('odd-3', 'x', { role: 'system' as 'user' }),
    messageText('odd-4', 'x', { at: '2199-01-01T00:00:00.000Z' }),
    {
      ...messageText('odd-5', 'x'),
      id: messageText('odd-5', 'x', { machineId: THIRD_MACHINE }).id,
    },
    messageText('odd 6', 'x'),
    messageText('fine', 'x'.repeat(8000)),
  ]);
  expect(counts).toMatchObject({
    inserted: 1,
    refused: 6,
    reasons: { text: 2, role: 1, time: 1, forged: 1, name: 1 },
  });
  const daemon = await world.as('daemon');
  const machineId = '44444444-4444-4444-8444-444444444444';
  expect(
    await importRecords(daemon, [messageText('of-a-daemon', 'x', { machineId })], { machineId }),
  ).toMatchObject({ inserted: 0, refused: 1, reasons: { nobody: 1 } });
});

it('takes back all of the caller’s and nobody else’s, with a trace; no other login does', async () => {
  const remove = 'select coffee.remove_texts()';
  for (const who of NO_PERSON)
    expect([who, await codeOf(await world.as(who), remove)]).toEqual([who, NOT_ALLOWED]);
  for (const who of ['mona', 'anna'] as const)
    expect([who, await valueOf(await world.as(who), remove)]).toEqual([who, '0']);
  const there = `select count(*)::int as n from coffee.message_texts where person_id = $1`;
  const { red, blue } = world.ids;
  const [before] = await world.root<{ n: number }>(there, [red.person]);
  expect(before!.n).toBeGreaterThan(0);
  expect(await valueOf(ben, remove)).toBe(String(before!.n));
  expect(await world.root(there, [red.person])).toEqual([{ n: 0 }]);
  expect(await world.root(there, [blue.person])).toEqual([{ n: 1 }]);
  expect(
    await world.root(
      `select count(*)::int as n from audit.entries where action = 'texts.remove' and actor_id = $1`,
      [red.person],
    ),
  ).toEqual([{ n: 1 }]);
  for (const sql of [
    'delete from coffee.message_texts',
    `insert into coffee.message_texts (text) values ('x')`,
  ])
    expect(await codeOf(ben, sql)).toBe(NOT_ALLOWED);
});
