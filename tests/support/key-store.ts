import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** A Secret Service as a desktop has it: GNOME's, unlocked, on a bus of its own. */
export interface KeyStore {
  /** What a program needs to find it. */
  env: Record<string, string>;
  close(): void;
}

/** Whether the system has one to be started. */
export const HAS_KEY_STORE = ['dbus-daemon', 'gnome-keyring-daemon'].every((program) =>
  existsSync(path.join('/usr/bin', program)),
);

export async function openKeyStore(home: string): Promise<KeyStore> {
  const runtime = path.join(home, '.run');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  const bus = spawn('/usr/bin/dbus-daemon', ['--session', '--print-address', '--nofork'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(bus.stdout, 'data')) as [Buffer];
  const env = {
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: line.toString().trim(),
  };
  // It goes into the background when it is ready, and ends with its bus.
  const args = ['--daemonize', '--unlock', '--components=secrets'];
  const { status } = spawnSync('/usr/bin/gnome-keyring-daemon', args, {
    env,
    input: 'for this test only',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (status !== 0) throw new Error(`gnome-keyring-daemon ended with ${status}`);
  return { env, close: () => void bus.kill() };
}
