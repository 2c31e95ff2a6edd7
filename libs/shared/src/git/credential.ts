import { accessSync, constants } from 'node:fs';
import { AppError, messageOf } from '../errors';
import type { RemoteAddress } from './remote-address';
import { quoteForShell } from './shell';

/** How we prove ourselves to a remote. Files and variables, so that no secret is ever an argument. */
export type Credential =
  | { kind: 'none' }
  /** The token is the first line of the file. */
  | { kind: 'token'; username: string; tokenFile: string }
  /** A token that stands in no file; git's own processes see it in their environment. */
  | { kind: 'secret'; username: string; secret: string }
  | { kind: 'ssh-key'; keyFile: string; knownHostsFile?: string };

export interface CredentialSettings {
  config: [string, string][];
  env: Record<string, string>;
}

/** Answers git's question; what it reads, it reads at that moment, from the file. */
const HELPER = [
  '!f() { test "$1" = get || exit 0',
  'printf "username=%s\\npassword=%s\\n" "$COFFEE_GIT_USERNAME"',
].join('; ');
const GIVE_SECRET = '"$COFFEE_GIT_SECRET"; }; f';
const READ_TOKEN = '"$(head -n 1 "$COFFEE_GIT_TOKEN_FILE" | tr -d "\\r")"; }; f';

/**
 * What git is told so that it can log in. A token is bound to the remote's own host: one to which
 * the remote redirects does not get it. Throws `not_configured` when a file cannot be read.
 */
export function credentialSettings(
  remote: RemoteAddress,
  credential: Credential = { kind: 'none' },
): CredentialSettings {
  if (remote.kind === 'ssh') {
    return { config: [], env: { GIT_SSH_VARIANT: 'ssh', GIT_SSH_COMMAND: sshCommand(credential) } };
  }
  if (credential.kind === 'secret' && remote.origin) {
    return {
      config: [[`credential.${remote.origin}.helper`, `${HELPER} ${GIVE_SECRET}`]],
      env: {
        COFFEE_GIT_USERNAME: credential.username.replace(/\p{Cc}/gu, ''),
        COFFEE_GIT_SECRET: credential.secret,
      },
    };
  }
  if (credential.kind !== 'token' || !remote.origin) return { config: [], env: {} };
  mustBeReadable(credential.tokenFile);
  return {
    config: [[`credential.${remote.origin}.helper`, `${HELPER} ${READ_TOKEN}`]],
    env: {
      COFFEE_GIT_USERNAME: credential.username.replace(/\p{Cc}/gu, ''),
      COFFEE_GIT_TOKEN_FILE: credential.tokenFile,
    },
  };
}

/** Without a key of its own the daemon's user logs in as always: ~/.ssh and the ssh agent. */
function sshCommand(credential: Credential): string {
  const options = [
    'BatchMode=yes',
    'ConnectTimeout=20',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=4',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
  ];
  const command = ['ssh'];
  if (credential.kind === 'ssh-key') {
    mustBeReadable(credential.keyFile);
    command.push('-F', '/dev/null', '-i', credential.keyFile.replaceAll('%', '%%'));
    options.push('IdentitiesOnly=yes', 'IdentityAgent=none', 'StrictHostKeyChecking=accept-new');
    if (credential.knownHostsFile) {
      options.push(`UserKnownHostsFile="${credential.knownHostsFile.replaceAll('%', '%%')}"`);
    }
  }
  return [...command, ...options.flatMap((option) => ['-o', option])].map(quoteForShell).join(' ');
}

function mustBeReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new AppError(
      'not_configured',
      `the credential's file cannot be read: ${messageOf(error)}`,
      {
        hint: 'Name a file that the daemon may read, mode 0600.',
      },
    );
  }
}
