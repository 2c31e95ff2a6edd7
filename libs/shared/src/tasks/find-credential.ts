import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Credential } from '../git/credential';
import { parseRemoteAddress } from '../git/remote-address';

/**
 * The project's push credential, if the daemon has one: `<folder>/<project id>/<host>.token` (its
 * first line) for https, `<folder>/<project id>/ssh.key` for ssh. Both parts are needed: two teams
 * may each have a project of one name, and whoever may change a project's address must not be able
 * to have its token sent to a host of their own.
 */
export function findCredential(
  folder: string,
  project: { id: string; repository: string },
): Credential {
  const remote = parseRemoteAddress(project.repository);
  const own = path.join(folder, project.id);
  if (remote.origin !== undefined) {
    const host = new URL(remote.origin).host.replace(':', '_');
    const tokenFile = path.join(own, `${host}.token`);
    if (existsSync(tokenFile)) return { kind: 'token', username: 'x-access-token', tokenFile };
  }
  if (remote.kind === 'ssh') {
    const keyFile = path.join(own, 'ssh.key');
    if (existsSync(keyFile)) return { kind: 'ssh-key', keyFile };
  }
  return { kind: 'none' };
}
