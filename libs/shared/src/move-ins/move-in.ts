import path from 'node:path';
import type { Session } from '../db/session';
import type { ImportCounts } from '../imports/import-counts';
import { KINDS, type MoveKind, type MoveSource } from './kinds';
import {
  beginMoveIn,
  finishMoveIn,
  totalActivity,
  totalCalls,
  totalPhrases,
  totalProject,
  totalTimes,
} from './queries';
import { Tally, type ComparedTime, type RefusedRow, type Totals } from './tally';

export interface MoveOptions extends MoveSource {
  kind: MoveKind;
  /** Does all of it and leaves nothing behind. */
  dryRun: boolean;
  onProgress?: (rows: number) => void;
  signal?: AbortSignal;
}

export interface MoveReport {
  kind: MoveKind;
  source: string;
  dry_run: boolean;
  /** Null: a dry run, or nothing was new. */
  batch: number | null;
  rows: ImportCounts & { read: number };
  /** The first of them. */
  refused_rows: RefusedRow[];
  totals: { source: Totals; before: Totals; after: Totals };
  /** By person, issue and day; of systems that recorded time. */
  times?: ComparedTime[];
  notes: string[];
}

/** Ends the transaction without a trace. */
class NothingKept extends Error {
  constructor(readonly report: MoveReport) {
    super('nothing is kept');
  }
}

const TOTALS: Record<
  MoveKind,
  (session: Session<'person'>, projectId: string | undefined) => Promise<Totals>
> = {
  absolutelyright: totalPhrases,
  ccu: totalCalls,
  'coffee-maker': totalProject,
  tt: totalActivity,
  flowforge: totalTimes,
};

/**
 * Moves a source in, in one transaction: all of it or nothing. A source that brings nothing new leaves
 * no batch. Throws `invalid_input` for what is not of this kind.
 */
export async function moveIn(
  session: Session<'person'>,
  options: MoveOptions,
): Promise<MoveReport> {
  try {
    return await session.db.transaction().execute(async (db) => {
      const report = await moveWithin({ ...session, db }, options);
      const { inserted, revised } = report.rows;
      if (options.dryRun || inserted + revised === 0) throw new NothingKept(report);
      return report;
    });
  } catch (error) {
    if (error instanceof NothingKept) return { ...error.report, batch: null };
    throw error;
  }
}

async function moveWithin(
  session: Session<'person'>,
  { kind, dryRun, ...source }: MoveOptions,
): Promise<MoveReport> {
  const tally = new Tally();
  const file = path.resolve(source.path);
  const batch = await beginMoveIn(session, kind, file);
  const before = await TOTALS[kind](session, source.projectId);
  await KINDS[kind].mover({ ...source, session, tally });
  const after = await TOTALS[kind](session, source.projectId);
  const report: MoveReport = {
    kind,
    source: file,
    dry_run: dryRun,
    batch,
    rows: { read: tally.read, ...tally.counts },
    refused_rows: tally.refusedRows,
    totals: { source: tally.totals, before, after },
    ...(tally.compared && { times: tally.compared }),
    notes: [...tally.notes],
  };
  await finishMoveIn(session, {
    rows: report.rows,
    refused_rows: report.refused_rows.slice(0, 50),
    totals: report.totals,
    notes: report.notes,
  });
  return report;
}
