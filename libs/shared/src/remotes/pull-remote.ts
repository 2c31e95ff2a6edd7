import type { Paths } from '../config/paths';
import type { Session } from '../db/session';
import { AppError } from '../errors';
import { importStream, requireComplete, type StreamResult } from '../imports/import-stream';
import { findCursor, importBatch } from '../imports/queries';
import { findIdentity } from '../machines/identity';
import { listMachines, type Machine } from '../machines/queries';
import type { Hello } from '../records/handshake';
import { readAutoSync } from '../roads/auto-sync';
import { knownRemotes, rememberRemote } from './known-remotes';
import { openRemote, type OpenOptions, type OpenRemote } from './open-remote';

export interface PullOptions extends OpenOptions {
  session: Session<'person'>;
  paths: Paths;
  /** What to call a machine that is seen for the first time. */
  askLabel: (hello: Hello) => Promise<string>;
  /** This name means another machine from now on. */
  replace?: boolean;
  onHello?: (hello: Hello) => void;
  onProgress?: (records: number) => void;
}

export interface PullResult extends StreamResult {
  machine: { id: string; label: string; isNew: boolean };
  programVersion: string;
  /** Our cursor was unknown there: everything came, and what is known was passed over. */
  anew: boolean;
}

const ROAD = 'ssh';

/**
 * Brings the records of one remote into the caller's database; the cursor moves with every batch. Throws
 * an AppError where not all came: what did is in, and the next pull goes on behind it.
 */
export async function pullRemote(name: string, options: PullOptions): Promise<PullResult> {
  const { paths } = options;
  const now = new Date().toISOString();
  try {
    const result = await pull(name, options);
    rememberRemote(paths, name, {
      machine_id: result.machine.id,
      label: result.machine.label,
      program_version: result.programVersion,
      last_try_at: now,
      last_success_at: new Date().toISOString(),
      problem: null,
    });
    return result;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const known = Object.hasOwn(knownRemotes(paths), name) || isFetched(paths, name);
    if (known && !options.signal?.aborted)
      rememberRemote(paths, name, { last_try_at: now, problem });
    throw error;
  }
}

/** Named by auto-sync: somebody means it, also where it has never answered. */
const isFetched = (paths: Paths, name: string): boolean => readAutoSync(paths).fetch.includes(name);

async function pull(name: string, options: PullOptions): Promise<PullResult> {
  const { session, onHello, onProgress } = options;
  const remote = await openRemote(name, options);
  try {
    const { hello } = remote;
    onHello?.(hello);
    const known = await checkMachine(name, hello, options);
    const label = known?.label ?? (await options.askLabel(hello));
    const machine = { id: hello.machine_id, label, isNew: known === undefined };
    const cursor = await findCursor({ session }, machine.id, ROAD);
    const stream = remote.pull(cursor);
    const result = await importStream({ session }, stream.chunks, {
      road: ROAD,
      moveCursor: true,
      only: machine.id,
      label,
      onRecord: stream.took,
      onProgress,
    });
    await requireEnd(remote, stream.ended(), result);
    await noteVisit(options, hello, label);
    const anew = result.header?.after_found === false;
    return { ...result, machine, programVersion: hello.program_version, anew };
  } finally {
    remote.close();
  }
}

/** The remote's own words say more than that its stream was cut off. */
async function requireEnd(
  remote: OpenRemote,
  end: Parameters<OpenRemote['failure']>[0],
  result: StreamResult,
): Promise<void> {
  const complete = result.complete && result.header !== undefined;
  if (complete && end === undefined) return;
  const failure = await remote.failure(end);
  if (failure !== undefined) throw failure;
  requireComplete({ ...result, complete });
}

/** So that one sees that we were there, also where nothing was new. */
async function noteVisit({ session }: PullOptions, hello: Hello, label: string): Promise<void> {
  const { machine_id: machineId, program_version: programVersion } = hello;
  const cursor = await findCursor({ session }, machineId, ROAD);
  await importBatch(
    { session },
    { machineId, label, programVersion, road: ROAD, cursor, records: [] },
  );
}

/** Undefined: it is new. Throws `conflict` where a name is suddenly another machine, or this one. */
async function checkMachine(
  name: string,
  { machine_id: id }: Hello,
  { session, paths, replace }: PullOptions,
): Promise<Machine | undefined> {
  if (findIdentity(paths)?.machine_id === id) {
    throw new AppError('conflict', `${name} says that it is this very machine`, {
      hint: 'Its own records come with push. Was a home folder copied? There: coffee-roadmap init --new.',
    });
  }
  const remotes = knownRemotes(paths);
  const before = Object.hasOwn(remotes, name) ? remotes[name]!.machine_id : '';
  if (before !== '' && before !== id && replace !== true) {
    throw new AppError(
      'conflict',
      `${name} was machine ${before.slice(0, 8)} and says now that it is ${id.slice(0, 8)}`,
      { hint: `If it was set up anew: coffee-roadmap sync --replace ${name}` },
    );
  }
  return (await listMachines(session)).find((machine) => machine.id === id);
}
