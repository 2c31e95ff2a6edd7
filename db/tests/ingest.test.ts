import type { Client } from 'pg';
import { newKey } from './project-key';
import { attempt, codeOf, INVALID, NOT_ALLOWED, NOT_FOUND } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let daemon: Client;
let collector: Client;
let key: string[];
beforeAll(async () => {
  world = await createWorld();
  daemon = await world.as('daemon');
  collector = await world.as('collector');
  key = await newKey(await world.as('ben'), world.ids.red.project);
});
afterAll(() => world.close());

interface Outcome {
  event_position: number;
  event_id: string | null;
  status: string;
  reason: string | null;
}

async function withKey(batch: unknown, pair = key): Promise<Outcome[]> {
  const { rows } = await collector.query<Outcome>(
    'select * from coffee.ingest_with_key($1, $2, $3)',
    [...pair, JSON.stringify(batch)],
  );
  return rows;
}

const at = '2026-11-20T10:00:00.000Z';
const event = (id: string, body: object, type = 'trace-create'): object => ({
  id,
  type,
  timestamp: at,
  body,
});
const traceIds = async (): Promise<string[]> =>
  (await world.root<{ id: string }>('select id from coffee.traces order by id')).map(
    ({ id }) => id,
  );

describe('a batch', () => {
  it('is told of each event what became of it, in its order', async () => {
    const batch = [
      event('e1', { id: 't1' }),
      7,
      event('e2', { id: 't2' }),
      event('e1', { id: 't1' }),
    ];
    const again = [event('e2', { id: 't2' }), event('e3', { id: 't3' })];
    expect((await withKey(batch)).map(({ event_id, status }) => [event_id, status])).toEqual([
      ['e1', 'accepted'],
      [null, 'refused'],
      ['e2', 'accepted'],
      ['e1', 'duplicate'],
    ]);
    expect((await withKey(again)).map(({ status }) => status)).toEqual(['duplicate', 'accepted']);
    expect(await traceIds()).toEqual(expect.arrayContaining(['t1', 't2', 't3']));
  });

  it.each([
    ['no id', { type: 'trace-create', timestamp: at, body: {} }, /no id/],
    ['an id of 201 characters', event('x'.repeat(201), { id: 'bad' }), /no id/],
    [
      'a type that nobody knows',
      event('b1', { id: 'bad' }, 'trace-destroy'),
      /unknown type: trace-destroy/,
    ],
    ['no body', event('b2', [] as object), /no body/],
    ['a timestamp that is none', { ...event('b3', { id: 'bad' }), timestamp: 'now' }, /timestamp/],
    [
      'the 30th of February',
      event('b4', { id: 'bad', startTime: '2026-02-30T00:00:00Z' }, 'span-create'),
      /startTime/,
    ],
    [
      'a time without a zone',
      event('b5', { id: 'bad', endTime: '2026-02-03T00:00:00' }, 'span-create'),
      /endTime/,
    ],
    ...['2026-02-29', '2026-11-31', '2026-00-10', '2026-13-10', '1969-12-31', '2100-01-01'].map(
      (day): [string, object, RegExp] => [
        `the day ${day}`,
        event(`day ${day}`, { id: 'bad', startTime: `${day}T00:00:00.000Z` }, 'span-create'),
        /startTime/,
      ],
    ),
    ...['24:00:00', '23:60:00', '23:59:60'].map((time): [string, object, RegExp] => [
      `the time ${time}`,
      event(`time ${time}`, { id: 'bad', startTime: `2026-11-20T${time}.000Z` }, 'span-create'),
      /startTime/,
    ]),
    ...['\n', ''].map((between): [string, object, RegExp] => [
      `two moments in one value, with ${JSON.stringify(between)} between them`,
      event(`two${between}`, { id: 'bad', startTime: `${at}${between}${at}` }, 'span-create'),
      /startTime/,
    ]),
    ['a body with too long an id', event('b6', { id: 'b'.repeat(201) }), /1 to 200/],
    [
      'tokens below nothing',
      event('b7', { id: 'bad', usageDetails: { input: -1 } }, 'generation-create'),
      /tokens of input/,
    ],
    [
      'half a token',
      event('b8', { id: 'bad', usage: { output: 0.5 } }, 'generation-create'),
      /tokens of output/,
    ],
    [
      'tokens without end',
      event('b9', { id: 'bad', usage: { input: 1e300 } }, 'generation-create'),
      /tokens/,
    ],
    [
      'a cost in words',
      event('b10', { id: 'bad', costDetails: { total: 'much' } }, 'generation-create'),
      /cost/,
    ],
    [
      'a cost below nothing',
      event('b11', { id: 'bad', costDetails: { input: -1 } }, 'generation-create'),
      /cost/,
    ],
    ...(
      [
        ['costDetails', { input: [1] }],
        ['costDetails', { input: [] }],
        ['costDetails', { total: 1, input: [5] }],
        ['usageDetails', { input: [5] }],
      ] as const
    ).map(([name, given], n): [string, object, RegExp] => [
      `a list in its ${name}: ${JSON.stringify(given)}`,
      event(`list ${n}`, { id: 'bad', [name]: given }, 'generation-create'),
      /cost|tokens/,
    ]),
    ['a level of its own', event('b12', { id: 'bad', level: 'LOUD' }, 'event-create'), /level/],
    ['tags that are no list', event('b13', { id: 'bad', tags: 'a' }), /tags/],
    ['a score without a value', event('b14', { id: 'bad', name: 'x' }, 'score-create'), /value/],
    [
      'a score too large',
      event('b15', { id: 'bad', name: 'x', value: 1e300 }, 'score-create'),
      /too large/,
    ],
    ['a name of 1,001 characters', event('b16', { id: 'bad', name: 'n'.repeat(1001) }), /name/],
  ])('refuses the event with %s and keeps the others', async (_what, bad, reason) => {
    const good = `after ${JSON.stringify(bad).slice(0, 60)}`.replace(/\W/g, '').slice(0, 100);
    const outcomes = await withKey([bad, event(good, { id: good })]);
    expect(outcomes.map(({ status }) => status)).toEqual(['refused', 'accepted']);
    expect(outcomes[0]!.reason).toMatch(reason);
    const ids = await traceIds();
    expect([ids.includes(good), ids.includes('bad')]).toEqual([true, false]);
  });

  it.each([
    ['is an object', {}],
    ['has 10,001 events', Array.from({ length: 10_001 }, () => 0)],
  ])('that %s is refused whole', async (_what, batch) => {
    const sql = 'select coffee.ingest_with_key($1, $2, $3)';
    expect(await codeOf(collector, sql, [...key, JSON.stringify(batch)])).toBe(INVALID);
  });

  it('takes what a log line of an SDK says for done', async () => {
    expect((await withKey([event('log', { log: 'x' }, 'sdk-log')]))[0]!.status).toBe('accepted');
  });
});

describe('a daemon', () => {
  const sql = 'select * from coffee.ingest_traces($1, $2)';
  const batch = (id: string): string => JSON.stringify([event(`d ${id}`, { id })]);

  it('writes for its own attempts alone', async () => {
    const blueDaemon = await world.as('blueDaemon');
    expect(await codeOf(blueDaemon, sql, [world.ids.red.attempt, batch('not mine')])).toBe(
      NOT_FOUND,
    );
    expect(await codeOf(daemon, sql, [null, batch('of none')])).toBe(NOT_FOUND);
    expect(await codeOf(await world.as('ben'), sql, [world.ids.red.attempt, batch('by ben')])).toBe(
      NOT_ALLOWED,
    );
    expect(await traceIds()).not.toEqual(expect.arrayContaining(['not mine']));
  });

  it('does not change what came with a key, nor a key what is the daemon’s', async () => {
    const ofKey = await withKey([event('f1', { id: 'outside', name: 'outside' })]);
    expect(ofKey[0]!.status).toBe('accepted');
    const taken = await daemon.query<Outcome>(sql, [
      world.ids.red.attempt,
      JSON.stringify([event('f2', { id: 'outside', name: 'mine now' })]),
    ]);
    const [stolen] = await withKey([event('f3', { id: 'red trace', name: 'mine now' })]);
    for (const outcome of [taken.rows[0], stolen]) {
      expect(outcome).toMatchObject({
        status: 'refused',
        reason: 'its id belongs to somebody else',
      });
    }
    const names = await world.root<{ name: string }>(
      `select name from coffee.traces where id in ('outside', 'red trace') order by id`,
    );
    expect(names.map(({ name }) => name)).toEqual(['outside', 'red secret step']);
  });

  it('names the item and the attempt of what it reports', async () => {
    const { rows } = await daemon.query(
      `select attempt_id::int, item_id::int, daemon_id from coffee.traces where id = 'red trace'`,
    );
    const { attempt: attempt_id, item: item_id, daemon: daemon_id } = world.ids.red;
    expect(rows).toEqual([{ attempt_id, item_id, daemon_id }]);
  });
});

it('lets batches of many programs meet without a deadlock, and loses nothing', async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, () => world.another('collector')));
  const ids = Array.from({ length: 60 }, (_, i) => `meet ${i}`);
  await Promise.all(
    clients.map(async (client, worker) => {
      for (let round = 0; round < 3; round += 1) {
        const mine = ids.map((id, i) =>
          event(`${id} by ${worker} in ${round}`, {
            id,
            metadata: { [`w${worker}`]: (i * 7) % 5 },
          }),
        );
        if (worker % 2 === 1) mine.reverse();
        const { code } = await attempt(client, 'select coffee.ingest_with_key($1, $2, $3)', [
          ...key,
          JSON.stringify(mine),
        ]);
        expect(code).toBe('ok');
      }
    }),
  );
  const rows = await world.root<{ keys: number }>(
    `select (select count(*)::int from jsonb_object_keys(metadata)) as keys
     from coffee.traces where id like 'meet %'`,
  );
  expect(rows).toEqual(ids.map(() => ({ keys: 4 })));
});
