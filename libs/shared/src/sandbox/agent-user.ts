/** The uid under which agents run when we are root. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { messageOf } from '../errors';
import { findSystemProgram } from './find-program';

const run = promisify(execFile);

export interface AgentUser {
  uid: number;
  gid: number;
  /** Arguments before the command; empty where setpriv is missing and spawn sets the uid. */
  prefix: string[];
}

/**
 * 60706 to 61183 is left to nobody by systemd's and the distributions' lists, and below 65536, so
 * that it exists in a container's user namespace too. `nobody` and `postgres` are out of the
 * question: a Postgres of ours may run as one of them.
 */
const SPARE_UID = 60873;
const USER_NAME = 'coffee-agent';

/** A user named `coffee-agent` if there is one, else a spare number without an entry anywhere. */
export function chooseAgentUser(passwd = readPasswd()): { uid: number; gid: number } {
  const entry = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields[0] === USER_NAME);
  const uid = Number(entry?.[2]);
  const gid = Number(entry?.[3]);
  return uid > 0 && gid > 0 ? { uid, gid } : { uid: SPARE_UID, gid: SPARE_UID };
}

/** Really becomes that user; says why not where that fails (a container without CAP_SETUID). */
export async function probeAgentUser(): Promise<{ user: AgentUser } | { reason: string }> {
  const { uid, gid } = chooseAgentUser();
  const setpriv = findSystemProgram('setpriv');
  const full = setpriv === undefined ? [] : [setpriv, ...setprivArguments(uid, gid)];
  const id = findSystemProgram('id') ?? 'id';
  let reason = '';
  for (const prefix of full.length > 0 ? [full, []] : [[]]) {
    try {
      const [command = id, ...args] = [...prefix, id, '-u'];
      const identity = prefix.length > 0 ? {} : { uid, gid };
      const { stdout } = await run(command, args, { cwd: '/', env: {}, ...identity });
      if (stdout.trim() === String(uid)) return { user: { uid, gid, prefix } };
      reason = `became uid ${stdout.trim()}`;
    } catch (error) {
      reason = messageOf(error).split('\n').slice(0, 2).join(' ');
    }
  }
  return { reason: `cannot become uid ${uid}: ${reason}` };
}

/**
 * The kernel forgets the parent-death signal when the uid changes; setpriv sets it after that, so
 * an agent whose daemon was killed dies with it.
 */
function setprivArguments(uid: number, gid: number): string[] {
  return [
    ...['--reuid', String(uid), '--regid', String(gid), '--clear-groups'],
    ...['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'],
    ...['--pdeathsig', 'KILL', '--'],
  ];
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
