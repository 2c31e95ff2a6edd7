import { AppError } from '@coffee-roadmap/shared/errors';
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureAllocate } from './allocate/measure-allocate';
import { measureBilling } from './billing/measure-billing';
import { measureClaim } from './claim/measure-claim';
import { measureCollect } from './collect/measure-collect';
import { measureFootprint } from './footprint/measure-footprint';
import { measureImport } from './import/measure-import';
import { measureIngest } from './ingest/measure-ingest';
import { measureLatency } from './latency/measure-latency';
import { measureLimits } from './limits/measure-limits';
import { measureMoveIn } from './move-in/measure-move-in';
import { measureOptions } from './options/measure-options';
import { measurePanels } from './panels/measure-panels';
import { measureRecompute } from './recompute/measure-recompute';
import { renderReport } from './report/render';
import { REMARK, type Report } from './report/report';
import { assertPlaces, writeDocument } from './report/write-document';
import { measureRls } from './rls/measure-rls';
import { measureSimulate } from './simulate/measure-simulate';
import { measureTracePage } from './trace-page/measure-trace-page';
import { measureSyncGit } from './sync/measure-sync-git';
import { measureSyncSsh } from './sync/measure-sync-ssh';
import { openBenchServer, type BenchServer } from './server/bench-server';

/** With a server of its own, or without any. */
type Benchmark = {
  /** As many as keep it under a minute on two quiet cores. */
  rounds: number;
} & (
  | { measure: (server: BenchServer, rounds: number, records?: number) => Promise<Report> }
  | { compute: (rounds: number) => Promise<Report> }
);

const BENCHMARKS: Record<string, Benchmark> = {
  latency: { measure: measureLatency, rounds: 9 },
  claim: { measure: measureClaim, rounds: 5 },
  rls: { measure: measureRls, rounds: 5 },
  collect: { measure: measureCollect, rounds: 3 },
  panels: { measure: measurePanels, rounds: 5 },
  'trace-page': { measure: measureTracePage, rounds: 7 },
  footprint: { measure: measureFootprint, rounds: 4 },
  import: { measure: measureImport, rounds: 5 },
  ingest: { measure: measureIngest, rounds: 5 },
  recompute: { measure: measureRecompute, rounds: 5 },
  'sync-ssh': { measure: measureSyncSsh, rounds: 1 },
  'sync-git': { measure: measureSyncGit, rounds: 1 },
  billing: { measure: measureBilling, rounds: 5 },
  'move-in': { measure: measureMoveIn, rounds: 1 },
  options: { measure: measureOptions, rounds: 2 },
  allocate: { compute: measureAllocate, rounds: 7 },
  limits: { measure: measureLimits, rounds: 3 },
  simulate: { measure: measureSimulate, rounds: 1 },
};

const USAGE = `usage: npm run bench -- [${Object.keys(BENCHMARKS).join('|')} ...] [options]
  --json        one document on stdout
  --rounds N    more rounds give steadier medians
  --records N   of sync-ssh, sync-git and panels: no more than so many; of billing: events, up to ten million;
                of move-in: rows of each source, up to a million
  --server URL  a superuser's URL, in place of a server of its own
  --write       put the ratios into docs/benchmarks.md
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      records: { type: 'string' },
      server: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
  const unknown = names.find((name) => BENCHMARKS[name] === undefined);
  if (unknown !== undefined) throw new AppError('invalid_input', `no benchmark "${unknown}"`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(rounds >= 1))
    throw new AppError('invalid_input', '--rounds is 1 or more');
  const records = values.records === undefined ? undefined : Number(values.records);
  if (records !== undefined && !(records >= 1))
    throw new AppError('invalid_input', '--records is 1 or more');

  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const reports: Report[] = [];
  const document = path.join(projectRoot(), 'docs', 'benchmarks.md');
  if (values.write) assertPlaces(document, names); // sooner than after an hour
  for (const name of names) {
    log(`${name} ...`);
    const report = await run(BENCHMARKS[name]!, { url: values.server, log }, { rounds, records });
    reports.push(report);
    if (values.write) writeDocument(document, [report]);
    if (!values.json) process.stdout.write(`${renderReport(report)}\n\n`);
  }
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ remark: REMARK, benchmarks: reports }, null, 2)}\n`);
  } else {
    process.stdout.write(`${REMARK}\n`);
  }
}

function run(
  benchmark: Benchmark,
  choice: Parameters<typeof openBenchServer>[0],
  { rounds = benchmark.rounds, records }: { rounds?: number; records?: number },
): Promise<Report> {
  if ('compute' in benchmark) return benchmark.compute(rounds);
  return withServer(choice, (server) => benchmark.measure(server, rounds, records));
}

/** Each benchmark has a server of its own, which goes also when a signal ends the run. */
async function withServer<T>(
  choice: Parameters<typeof openBenchServer>[0],
  work: (server: BenchServer) => Promise<T>,
): Promise<T> {
  const server = await openBenchServer(choice);
  const stop = (): void => void server.close().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await work(server);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await server.close();
  }
}

main().catch((error: unknown) => {
  const known =
    error instanceof AppError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  if (known) process.stderr.write(USAGE);
  process.exitCode = known ? 2 : 1;
});
