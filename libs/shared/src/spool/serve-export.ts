import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AppError } from '../errors';
import type { MachineIdentity } from '../machines/identity';
import { parsePullRequest, PROTOCOL, type Hello } from '../records/handshake';
import { RECORD_VERSION } from '../records/record';
import { parseRecordId } from '../records/record-id';
import { exportRecords } from './export';
import type { Paths } from '../config/paths';

export interface ServeOptions {
  paths: Paths;
  identity: MachineIdentity;
  programVersion: string;
  input: Readable;
  output: Writable;
  /** Brings the spool up to date; the receiver hears meanwhile that somebody is there. */
  collect: () => Promise<unknown>;
}

/** An empty line so often says that the work goes on. */
const BEAT_MS = 5_000;
const PATIENCE_MS = 60_000;

/**
 * The sending side of a pull: says who this machine is, hears from where on, and sends it. The cursor
 * comes on the same connection, so that it is never part of a command. Throws `invalid_input` for a
 * receiver that asks for nothing known.
 */
export async function serveExport(options: ServeOptions): Promise<void> {
  const { paths, identity, programVersion, input, output, collect } = options;
  const hello: Hello = {
    type: 'hello',
    protocol: PROTOCOL,
    v: RECORD_VERSION,
    program: 'coffee-roadmap',
    program_version: programVersion,
    machine_id: identity.machine_id,
    label: identity.label,
  };
  output.write(`${JSON.stringify(hello)}\n`);
  const request = parsePullRequest((await firstLine(input)) ?? '');
  const after = request?.after ?? undefined;
  if (request === undefined || (after !== undefined && parseRecordId(after) === undefined)) {
    throw new AppError('invalid_input', 'nothing was asked for that is known here', {
      hint: 'coffee-roadmap sync on the other machine asks rightly; without --handshake this exports.',
    });
  }
  const packed = request.encoding === 'gzip' ? createGzip({ level: 1 }) : undefined;
  const target = packed ?? output;
  const sent = packed === undefined ? undefined : pipeline(packed, output, { end: false });
  const beat = setInterval(() => {
    target.write('\n');
    packed?.flush();
  }, BEAT_MS);
  try {
    await collect();
  } finally {
    clearInterval(beat);
  }
  for (const piece of exportRecords({ paths, identity, after, programVersion })) {
    if (!target.write(piece)) await once(target, 'drain');
  }
  packed?.end();
  await sent;
}

/** Undefined where the other side went away, or said nothing for a minute. */
async function firstLine(input: Readable): Promise<string | undefined> {
  const lines = createInterface({ input });
  const patience = setTimeout(() => lines.close(), PATIENCE_MS);
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
    });
  } finally {
    clearTimeout(patience);
    lines.close();
    input.destroy();
  }
}
