import { AppError } from '../errors';
import { maskCredentials } from './mask';

export interface FailedCall {
  /** The verb, such as `fetch`; arguments are left out, they may be long. */
  verb: string;
  stderr: string;
  /** Null when a signal ended it. */
  code: number | null;
  timedOut?: boolean;
}

/** Worth another try: the other end or the road to it, not what was asked. */
const TRANSIENT =
  /could not resolve host|(?:failed|could not|couldn.t) (?:to )?connect|connection (?:refused|reset|closed|timed out)|operation (?:too slow|timed out)|network is unreachable|no route to host|early eof|unexpected disconnect|the remote end hung up|rpc failed|returned error: (?:429|5\d\d)|http 5\d\d|gnutls|ssl_connect|ssl_read|temporary failure|kex_exchange_identification|broken pipe|timeout|unable to create '.*\.lock'/i;

/** What can be told of a failed call beyond its own words. */
export type GitTrouble = 'access' | 'host_key' | 'not_found' | 'hashes' | 'disk' | 'branch';

const TROUBLES: Record<GitTrouble, RegExp> = {
  access:
    /authentication failed|could not read (?:username|password)|permission denied \(|returned error: 40[13]|access denied|terminal prompts disabled/i,
  host_key: /host key verification failed/i,
  not_found:
    /repository .*not found|does not appear to be a git repository|returned error: 404|no such file or directory|repository .*does not exist/i,
  hashes: /mismatched algorithms|unknown object format|hash algorithm/i,
  disk: /no space left/i,
  branch: /couldn't find remote ref/i,
};

/** In the words of whoever runs a daemon. */
const HINTS: Record<GitTrouble, string> = {
  access: 'Give the daemon a token file or an ssh key that may read and push this repository.',
  host_key: 'Connect once with ssh as the daemon’s user, or add the host to its known_hosts.',
  not_found: 'Check the project’s repository address: coffee-roadmap projects list.',
  hashes: 'Only repositories with SHA-1 object names are supported.',
  disk: 'The disk is full.',
  branch: 'Check the project’s default branch.',
};

/** What git's stderr, or an error made from it, tells. */
export function findTrouble(text: string): GitTrouble | undefined {
  const all = Object.keys(TROUBLES) as GitTrouble[];
  return all.find((one) => TROUBLES[one].test(text));
}

/** The error of a git call that went wrong: `not_reachable` where trying again may help. */
export function gitFailure(call: FailedCall): AppError {
  const transient = call.timedOut === true || isTransient(call.stderr);
  const what = call.timedOut ? 'took too long' : `failed with code ${call.code ?? 'none'}`;
  const said = lastLines(call.stderr);
  const trouble = findTrouble(call.stderr);
  return new AppError(
    transient ? 'not_reachable' : 'git_failed',
    `git ${call.verb} ${what}${said && `: ${said}`}`,
    { hint: trouble && HINTS[trouble] },
  );
}

/** Whether stderr tells of a failure that may be gone at the next try. */
export function isTransient(stderr: string): boolean {
  return TRANSIENT.test(stderr) && !/authentication failed|permission denied/i.test(stderr);
}

/** What git adds to every failure of a remote, whatever its reason. */
const BOILERPLATE =
  /^(?:fatal: Could not read from remote repository\.|Please make sure you have the correct access rights|and the repository exists\.)$/;

/** The last five lines that say something, masked, without progress and control characters. */
export function lastLines(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => printable(line.slice(line.lastIndexOf('\r') + 1)).trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  const own = lines.filter((line) => !BOILERPLATE.test(line));
  return maskCredentials((own.length === 0 ? lines : own).slice(-5).join('; ')).slice(0, 1000);
}

/** Text that came from elsewhere, on one line and without terminal escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
