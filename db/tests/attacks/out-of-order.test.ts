import fc from 'fast-check';
import type { Client } from 'pg';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { forgetTime } from '@coffee-roadmap/shared/time/recompute/queries';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import { loadStreams } from '@coffee-roadmap/shared/time/queries';
import { importRecords } from '../reports';
import { anyRecord, forgetAll, MACHINES, SESSIONS } from '../time-arbitraries';
import { createWorld, type World } from '../world';

let world: World;
let ben: Client;
let session: Session<'person'>;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  const { login, password } = world.login('ben');
  session = await openSession(world.database.urlFor(login, password), 'person');
});
afterAll(async () => {
  await session.close();
  await world.close();
});

type Step =
  | { do: 'import'; records: MachineRecord[] }
  | { do: 'recompute' }
  | { do: 'say'; subject: string; key: string; stream: number }
  | { do: 'merge'; from: number; into: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('import' as const),
      records: fc.array(anyRecord, { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'recompute' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      subject: fc.constantFrom('event', 'session', 'place'),
      key: fc.constantFrom(...SESSIONS, '/w/shop', '/w/docs', 'host/us/shop'),
      stream: fc.nat(9),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('merge' as const), from: fc.nat(9), into: fc.nat(9) }),
  },
);

async function take(step: Step): Promise<void> {
  if (step.do === 'recompute') {
    await recompute(session);
  } else if (step.do === 'import') {
    for (const machineId of MACHINES) {
      const own = step.records.filter(({ id }) => id.startsWith(machineId));
      if (own.length === 0) continue;
      const counts = await importRecords(ben, own, { machineId });
      expect(counts).toMatchObject({ refused: 0 });
    }
  } else {
    const streams = await loadStreams(session);
    const pick = (n: number) => streams[n % streams.length]!;
    if (streams.length === 0) return;
    if (step.do === 'merge') {
      const [from, into] = [pick(step.from), pick(step.into)];
      if (from.id === into.id || from.machineId !== into.machineId) return;
      await ben.query('select coffee.merge_streams($1, $2)', [from.id, into.id]);
      return;
    }
    const { id, machineId } = pick(step.stream);
    const { rows } = await ben.query<{ event_key: string }>(
      'select event_key from coffee.activity_events where machine_id = $1 order by 1 limit 3',
      [machineId],
    );
    const keys = step.subject === 'event' ? rows.map((row) => row.event_key) : [step.key];
    await ben.query('select coffee.assign_to_stream($1, $2, $3)', [id, step.subject, keys]);
  }
}

/** All that is kept of ben's days, but how often they were computed. */
async function kept(): Promise<unknown> {
  const days = await ben.query(
    'select day, before, after, cut_timers, depends_on, computed_version = version as fresh from coffee.time_days order by day',
  );
  const intervals = await ben.query(
    'select day, n, credited_by, starts_at, ends_at, stream_id, issue, machine_id, session_id from coffee.time_intervals order by day, n',
  );
  return { days: days.rows, intervals: intervals.rows };
}

describe('out-of-order streams', () => {
  it('gives after imports, assignments and merges in any order what computing from nothing gives', async () => {
    let credited = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 12 }), async (steps) => {
        await forgetAll(world);
        for (const step of steps) await take(step);
        await recompute(session);
        const mended = await kept();
        await forgetTime(session);
        await recompute(session);
        expect(mended).toEqual(await kept());
        credited += (mended as { intervals: unknown[] }).intervals.length;
      }),
      { numRuns: 15 },
    );
    expect(credited).toBeGreaterThan(0);
  });
});
