import { openSession } from '@coffee-roadmap/shared/db/session';
import { ingestTraces } from '@coffee-roadmap/shared/traces/queries';
import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import { median, medianRatio } from '../figures/statistics';
import { above, whole, type Report } from '../report/report';
import { makeAttempt } from '../server/attempt';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { startEndpoint } from './endpoint';
import { insertRaw, makeRawTables } from './raw-insert';
import { makeEvents } from './trace-events';

const EVENTS = 3_000;
const AT_ONCE = 500;

/** Events per second through the endpoint and the daemon's own path, beside a bare insert of such rows. */
export async function measureIngest(server: BenchServer, rounds: number): Promise<Report> {
  const database = await server.database('ingest', { migrated: true });
  const adaUrl = await database.login('person', 'bench');
  const daemon = await openSession(await database.login('daemon', 'daemon'), 'daemon');
  const root = await connect(database.url);
  const ada = await connect(adaUrl);
  const { project, attempt } = await makeAttempt(root, ada, daemon.me.id);
  const { rows: keys } = await ada.query<{ public_key: string; secret_key: string }>(
    'select * from coffee.add_project_key($1, $2)',
    [project, 'bench'],
  );
  await makeRawTables(root);
  const endpoint = await startEndpoint(database, keys[0]!);

  const contenders: [string, (events: TraceEvent[]) => Promise<void>][] = [
    ['raw unnest insert', (events) => insertRaw(root, project, events)],
    [
      'the daemon’s own path',
      async (events) => {
        for (let from = 0; from < events.length; from += AT_ONCE) {
          await ingestTraces(daemon, attempt, events.slice(from, from + AT_ONCE));
        }
      },
    ],
    ['the SDK endpoint', (events) => endpoint.send(events)],
  ];
  const results = contenders.map((): number[] => []);
  try {
    for (let round = -1; round < rounds; round += 1) {
      for (const [i, [, ingest]] of contenders.entries()) {
        const events = makeEvents(`${i}-${round}`, EVENTS);
        const start = performance.now();
        await ingest(events);
        const seconds = (performance.now() - start) / 1000;
        if (round >= 0) results[i]!.push(EVENTS / seconds); // the first warms caches and plans
      }
    }
  } finally {
    await endpoint.stop();
    await Promise.all([root.end(), ada.end(), daemon.close()]);
  }
  const [raw, direct, sdk] = results as [number[], number[], number[]];
  return {
    name: 'ingest',
    title: `Trace events stored, Postgres ${server.version}`,
    columns: ['', 'events per second'],
    rows: contenders.map(([name], i) => [name, whole(median(results[i]!))]),
    ratios: [
      above('events per second, the daemon’s own path ÷ raw', medianRatio(direct, raw), 0.6),
      above('events per second, the SDK endpoint ÷ raw', medianRatio(sdk, raw), 0.4),
    ],
    rounds: raw.length,
    figures: { raw_per_second: raw, direct_per_second: direct, sdk_per_second: sdk },
  };
}
