import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Environment } from '../config/env';

export interface SshSettings {
  /** The program and arguments of one's own, as ['ssh']. */
  command: readonly string[];
  environment: Record<string, string>;
  /** Whether ssh may ask for a passphrase on the terminal. */
  mayAsk: boolean;
}

/** What ssh sees of the outside: no URL of a database, no token. */
export function sshEnvironment(env: Environment): Record<string, string> {
  return { HOME: env.home, USER: env.user, PATH: env.path, ...env.gitEnvironment };
}

/** A connection that only carries one program's input and output. */
const OPTIONS = [
  ['ConnectTimeout', '20'],
  ['ServerAliveInterval', '15'],
  ['ServerAliveCountMax', '4'],
  ['ClearAllForwardings', 'yes'],
  ['ForwardAgent', 'no'],
  ['ForwardX11', 'no'],
  ['PermitLocalCommand', 'no'],
  ['RemoteCommand', 'none'],
  ['RequestTTY', 'no'],
  ['EscapeChar', 'none'],
  ['LogLevel', 'ERROR'],
] as const;

/** Starts `script`, a POSIX shell's, on the remote; `name` as parseRemoteName gives it. */
export function startSsh(
  name: string,
  script: string,
  { command, environment, mayAsk }: SshSettings,
): ChildProcessWithoutNullStreams {
  const [program = 'ssh', ...own] = command;
  const options = [...OPTIONS, ['BatchMode', mayAsk ? 'no' : 'yes']].flatMap(([key, value]) => [
    '-o',
    `${key}=${value}`,
  ]);
  // The login shell there may be any: it only has to know single quotes.
  const remote = `exec sh -c '${script.replaceAll("'", `'\\''`)}'`;
  return spawn(program, [...own, ...options, '-T', '--', name, remote], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
