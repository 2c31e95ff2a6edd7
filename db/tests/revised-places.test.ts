import type { Client } from 'pg';
import fc from 'fast-check';
import { importRecords, RED_MACHINE } from './reports';
import { forgetAll, MINUTE, record } from './time-arbitraries';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

const START = Date.parse('2026-03-02T10:00:00.000Z');
/** A session's beginning, end or a call within it. The same end is told again, of another time and place. */
const told = fc.record({
  kind: fc.constantFrom('started', 'ended', 'ended', 'tool'),
  session: fc.constantFrom('s-1', 's-2'),
  minute: fc.nat(3),
  folder: fc.constantFrom('/w/a', '/w/b', null),
  git: fc.constantFrom('host/a', 'host/b'),
});
type Told = typeof told extends fc.Arbitrary<infer T> ? T : never;

const toRecord = ({ kind, session, minute, folder, git }: Told) =>
  record({
    ...{ machineId: RED_MACHINE, at: START + minute * MINUTE, session_id: session, folder },
    ...(folder === null ? {} : { git_project: git }),
    ...(kind === 'tool'
      ? { type: 'agent_tool_use', tool: 'Bash', source: 'remote.agent', discriminator: session }
      : {
          ...{ type: 'agent_session', source: 'remote.agent', action: kind, session_type: 'user' },
          ...{ discriminator: `${session}:${kind}` },
        }),
  });

interface Place {
  session_id: string;
  place: string | null;
}
/** What is known after these came one by one, and what the events that are kept say. */
async function placesAfter(order: Told[]): Promise<{ known: Place[]; said: Place[] }> {
  await ben.query('begin');
  try {
    for (const one of order) await importRecords(ben, [toRecord(one)]);
    const known = await ben.query<Place>(
      'select session_id, place, place_at, place_event from coffee.agent_sessions order by session_id',
    );
    const said = await ben.query<Place>(
      `select session_id, (array_agg(coalesce(git_project, folder) order by at, event_key)
         filter (where folder is not null))[1] as place
       from coffee.activity_events group by session_id order by session_id`,
    );
    return { known: known.rows, said: said.rows };
  } finally {
    await ben.query('rollback');
  }
}

it('knows a session by the first place that its events still say, in whatever order they came', async () => {
  await forgetAll(world);
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 2, maxLength: 5 }), async (events) => {
      const { known, said } = await placesAfter(events);
      expect(known.map(({ session_id, place }) => ({ session_id, place }))).toEqual(said);
      expect((await placesAfter([...events].reverse())).known).toEqual(known);
    }),
    { numRuns: 60 },
  );
});

it('comes to an end where sessions say that each began the other, or itself', async () => {
  const started = (session: string, parent: string, minute: number) =>
    record({
      ...{ machineId: RED_MACHINE, at: START + minute * MINUTE, session_id: session },
      ...{ type: 'agent_session', source: 'remote.agent', action: 'started' },
      ...{ session_type: 'subagent', parent_session_id: parent, folder: '/w/a' },
      discriminator: `${session}:started`,
    });
  await ben.query('begin');
  for (const records of [
    [started('c-1', 'c-2', 0), started('c-2', 'c-3', 1)],
    [started('c-3', 'c-1', 2), started('c-4', 'c-4', 3)],
    [started('c-5', 'c-1', 4)],
  ])
    expect(await importRecords(ben, records)).toMatchObject({ inserted: records.length });
  const { rows } = await ben.query<{ session_id: string; top_session_id: string }>(
    `select session_id, top_session_id from coffee.agent_sessions where session_id like 'c-%' order by 1`,
  );
  await ben.query('rollback');
  expect(rows.map(({ session_id }) => session_id)).toEqual(['c-1', 'c-2', 'c-3', 'c-4', 'c-5']);
  const among = rows.map(({ top_session_id }) => top_session_id);
  for (const top of among) expect(['c-1', 'c-2', 'c-3', 'c-4', 'c-5']).toContain(top);
});
