import {
  makeLargeCcu,
  makeLargeCoffeeMaker,
  makeLargeTt,
  type LargeSource,
} from '@coffee-roadmap/shared/move-ins/testing/make-large';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atMost, whole, type Ratio, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { digestOf } from './digest-of';
import { runCli, type Ran } from './run-move';

const MAKERS: Record<string, (folder: string, source: LargeSource) => string> = {
  ccu: makeLargeCcu,
  tt: makeLargeTt,
  'coffee-maker': makeLargeCoffeeMaker,
};
const ROWS = 20_000;
const MOST_MB = 300;
/** The rows that are here already, some of them as they were before they changed. */
const FIRST = 0.1;

interface Steps {
  first: Ran;
  trial: Ran;
  move: Ran;
  again: Ran;
  back: Ran;
}

/**
 * A tenth of an older system's files moved in, then all of them tried, moved in, moved in once more and taken
 * back, each by the command and over one database. Fails where the repetition brings anything, or the
 * database is not as it was between the two. `records`: rows of each source.
 */
export async function measureMoveIn(
  server: BenchServer,
  rounds: number,
  records = ROWS,
): Promise<Report> {
  const found: Record<string, Steps> = {};
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-bench-move-in-'));
  try {
    for (const kind of Object.keys(MAKERS)) {
      process.stderr.write(`  ${kind}, ${whole(records)} rows\n`);
      found[kind] = await measureKind(server, kind, { rows: records, folder });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report(server.version, rounds, records, found);
}

async function measureKind(
  server: BenchServer,
  kind: string,
  { rows, folder }: { rows: number; folder: string },
): Promise<Steps> {
  const database = await server.database(`move_${kind.replace('-', '_')}`, { migrated: true });
  const url = await database.login('person', 'bench');
  const root = await connect(database.url);
  const person = await connect(url);
  try {
    await person.query(
      `select coffee.add_project(null, 'bench', '/nowhere', '{"agent": "rehearsal"}')`,
    );
    const home = path.join(folder, `${kind} home`);
    const run = async (args: string[]): Promise<Ran> => {
      const ran = await runCli({ url, home, postmaster: server.pid }, ['move-in', ...args]);
      process.stderr.write(
        `    ${args.join(' ')}: ${whole(ran.ms)} ms, ${whole(ran.peakMb)} MB, server ${whole(ran.serverMb)} MB\n`,
      );
      return ran;
    };
    const source = path.join(folder, kind);
    mkdirSync(source);
    const make = MAKERS[kind]!;
    const earlier = make(source, { rows: Math.floor(rows * FIRST), earlier: true });
    const first = await run([kind, earlier, '--yes']);
    const before = await digestOf(root);
    const file = make(source, { rows });
    const trial = await run([kind, file, '--dry-run']);
    const unchanged = await digestOf(root);
    const move = await run([kind, file, '--yes']);
    const again = await run([kind, file, '--yes']);
    const back = await run(['rollback', String(move.answer.batch), '--yes']);
    const after = await digestOf(root);
    if (again.answer.batch !== null) throw new Error(`${kind}: the repetition brought something`);
    for (const [table, digest] of Object.entries(before))
      if (digest !== unchanged[table] || digest !== after[table])
        throw new Error(`${kind}: ${table} is not as it was`);
    rmSync(source, { recursive: true });
    return { first, trial, move, again, back };
  } finally {
    await Promise.all([root.end(), person.end()]);
  }
}

function report(
  version: string,
  rounds: number,
  records: number,
  found: Record<string, Steps>,
): Report {
  const ratios = Object.entries(found).flatMap(([kind, steps]): Ratio[] => {
    const perRow = steps.move.ms / records;
    const most = Math.max(...Object.values(steps).map(({ peakMb }) => peakMb as number));
    return [
      atMost(`${kind}: peak of the command ÷ ${MOST_MB} MB`, most / MOST_MB, 1),
      atMost(
        `${kind}: time for a row, all ÷ the first tenth`,
        perRow / (steps.first.ms / (records * FIRST)),
        1.5,
      ),
      { what: `${kind}: trying ÷ moving in`, value: steps.trial.ms / steps.move.ms },
      { what: `${kind}: once more ÷ moving in`, value: steps.again.ms / steps.move.ms },
      { what: `${kind}: taking back ÷ moving in`, value: steps.back.ms / steps.move.ms },
    ];
  });
  const column = (ran: Ran): string => `${(ran.ms / 1000).toFixed(1)}`;
  return {
    name: 'move-in',
    title: `${whole(records)} rows of each older system moved in, Postgres ${version}`,
    columns: ['', 'a tenth s', 'trying s', 'moving s', 'again s', 'back s', 'peak MB', 'server MB'],
    rows: Object.entries(found).map(([kind, steps]) => [
      kind,
      ...[steps.first, steps.trial, steps.move, steps.again, steps.back].map(column),
      whole(Math.max(...Object.values(steps).map((ran: Ran) => ran.peakMb))),
      whole(Math.max(...Object.values(steps).map((ran: Ran) => ran.serverMb))),
    ]),
    ratios,
    rounds,
    figures: Object.fromEntries(
      Object.entries(found).map(([kind, steps]) => [
        kind,
        Object.fromEntries(
          Object.entries(steps).map(([step, ran]: [string, Ran]) => [
            step,
            { ms: ran.ms, peak_mb: ran.peakMb, server_mb: ran.serverMb, rows: ran.answer.rows },
          ]),
        ),
      ]),
    ),
  };
}
