import { once } from 'node:events';
import { remoteFailure } from './remote-failure';
import { installScript } from './remote-script';
import { startSsh, type SshSettings } from './ssh-program';
import { AppError } from '../errors';

const MOST = 65_536;

/**
 * Copies the export program to a remote, whole or not at all, and gives that machine an identity if it has
 * none. Throws what remoteFailure says.
 */
export async function installAgent(
  name: string,
  agent: Uint8Array,
  options: SshSettings & { signal?: AbortSignal },
): Promise<void> {
  const child = startSsh(name, installScript(agent.length), options);
  const stop = (): void => void child.kill('SIGTERM');
  options.signal?.addEventListener('abort', stop);
  let stderr = '';
  let missing: NodeJS.ErrnoException | undefined;
  child.once('error', (error) => (missing = error));
  child.stdin.on('error', () => undefined); // its exit code says why
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MOST);
  });
  child.stdin.end(agent);
  const [code] = (await once(child, 'close').catch(() => [null])) as [number | null];
  options.signal?.removeEventListener('abort', stop);
  const failure = remoteFailure(name, { code, stderr, missing, greeted: false });
  if (failure !== undefined) throw failure;
  if (options.signal?.aborted === true)
    throw new AppError('failed', 'interrupted', { hint: 'Do it again.' });
}
