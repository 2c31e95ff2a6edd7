import { AppError } from '../errors';
import type { Hello } from '../records/handshake';
import { RECORD_VERSION } from '../records/record';
import { CUT_OFF, NO_NODE, NOT_INSTALLED } from './remote-script';
import type { StreamEnd } from './watched-stream';

export interface RemoteEnd {
  /** Null: a signal, or it never began. */
  code: number | null;
  stderr: string;
  missing: NodeJS.ErrnoException | undefined;
  /** Whether it had said who it is before. */
  greeted: boolean;
}

const SSH_FAILED = 255;

/** Says what became of a connection; undefined where it ended as it should. Callers strip what is shown. */
export function remoteFailure(
  name: string,
  end: RemoteEnd,
  found?: StreamEnd | 'no_hello' | 'newer',
  hello?: Hello,
): AppError | undefined;
export function remoteFailure(
  name: string,
  end: RemoteEnd,
  found: 'no_hello' | 'newer',
  hello?: Hello,
): AppError;
export function remoteFailure(
  name: string,
  end: RemoteEnd,
  found?: StreamEnd | 'no_hello' | 'newer',
  hello?: Hello,
): AppError | undefined {
  if (found === 'newer') return newer(name, hello);
  const known = found === undefined || found === 'no_hello' ? ofProgram(name, end) : undefined;
  if (known !== undefined) return known;
  if (found === undefined) return end.code === 0 ? undefined : broken(name, end);
  if (found === 'no_hello') return end.code === 0 ? stranger(name) : broken(name, end);
  return new AppError(
    found === 'silent' ? 'not_reachable' : 'failed',
    `${name} ${GIVEN_UP[found]}`,
    { hint: 'What came before is imported. Look at that machine, then do it again.' },
  );
}

const GIVEN_UP: Record<NonNullable<StreamEnd>, string> = {
  silent: 'has said nothing for a minute',
  no_records: 'sends and sends, but no records',
  long_line: 'sends a line that is longer than any record',
  too_large: 'sends more than is taken at once',
  unreadable: 'sends what cannot be unpacked, or was cut off',
};

function newer(name: string, hello: Hello | undefined): AppError {
  return new AppError(
    'conflict',
    `${name} is newer: version ${hello?.program_version ?? '?'} with record format ${hello?.v ?? '?'}; known here is ${RECORD_VERSION}`,
    { hint: 'Update coffee-roadmap on this machine. Nothing is wrong over there.' },
  );
}

function ofProgram(
  name: string,
  { code, stderr, missing, greeted }: RemoteEnd,
): AppError | undefined {
  if (missing !== undefined)
    return new AppError('not_configured', `ssh cannot be started: ${missing.code ?? 'unknown'}`, {
      hint: 'Install an ssh client; COFFEE_ROADMAP_SSH names another one.',
      cause: missing,
    });
  if (code === NOT_INSTALLED)
    return new AppError('not_configured', `${name} has no coffee-roadmap in its PATH`, {
      hint: `coffee-roadmap sync --install ${name} puts what it needs there.`,
    });
  if (code === NO_NODE)
    return new AppError('not_configured', `${name} has no Node.js 20.9 or newer in its PATH`, {
      hint: 'Install Node.js there, for example with its package manager; then do it again.',
    });
  if (code === CUT_OFF)
    return new AppError('not_reachable', `${name} did not get all of the program`, {
      hint: 'Nothing was changed there. Do it again.',
    });
  if (code === SSH_FAILED && greeted)
    return new AppError('not_reachable', `the connection to ${name} was lost`, {
      hint: 'What came is imported. Do it again for the rest.',
    });
  if (code === SSH_FAILED)
    return new AppError('not_reachable', `${name} cannot be reached: ${lastLine(stderr)}`, {
      hint: `Try it by hand: ssh ${name} true`,
    });
  if (/unknown option '?--handshake/.test(stderr))
    return new AppError(
      'conflict',
      `${name} has an older coffee-roadmap, without this way to sync`,
      {
        hint: `Update it there, or coffee-roadmap sync --install ${name}.`,
      },
    );
  return undefined;
}

function broken(name: string, { code, stderr }: RemoteEnd): AppError {
  const ended = code === null ? 'was ended' : `failed with exit code ${code}`;
  return new AppError('failed', `coffee-roadmap on ${name} ${ended}: ${lastLine(stderr)}`, {
    hint: hintOf(stderr) ?? `Look at it there: ssh ${name}, then coffee-roadmap doctor.`,
  });
}

function stranger(name: string): AppError {
  return new AppError('failed', `what answers on ${name} is no coffee-roadmap`, {
    hint: `Look at it there: ssh ${name}, then coffee-roadmap --version.`,
  });
}

/** A program of ours says `error: …` and `hint: …`; other programs say it in their last line. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => line.startsWith('error: '))?.slice('error: '.length);
  return (said ?? lines.findLast((line) => line !== '') ?? 'it did not say why').slice(0, 300);
}

function hintOf(stderr: string): string | undefined {
  const line = stderr.split('\n').findLast((text) => text.trimStart().startsWith('hint: '));
  return line === undefined
    ? undefined
    : `There: ${line.trim().slice('hint: '.length).trim().slice(0, 300)}`;
}
