import { spawnSync } from 'node:child_process';

/** A network of its own for a program, with one cable to this machine. */
export interface NetworkNamespace {
  /** This machine, as seen from within: there is nothing else. */
  host: string;
  /** What goes before a command that is to run within. */
  within: string[];
  /** Whatever is on its way is lost, and neither end is told. */
  unplug(): void;
  plugIn(): void;
  remove(): void;
}

/** Undefined where this process may not make one, as only root may, or `ip` is not installed. */
export function makeNetworkNamespace(): NetworkNamespace | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const name = `coffee-${process.pid}`;
  // No more than 15 characters.
  const [here, there] = [`ch${process.pid}`, `ct${process.pid}`];
  const net = `10.251.${(process.pid >> 6) & 255}`;
  const first = (process.pid & 63) * 4;
  const host = `${net}.${first + 1}`;
  const remove = (): void => {
    ip(['netns', 'delete', name]);
    ip(['link', 'delete', here]);
  };
  const made = [
    ['netns', 'add', name],
    ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name],
    ['address', 'add', `${host}/30`, 'dev', here],
    ['link', 'set', here, 'up'],
    ['-n', name, 'address', 'add', `${net}.${first + 2}/30`, 'dev', there],
    ['-n', name, 'link', 'set', 'lo', 'up'],
    ['-n', name, 'link', 'set', there, 'up'],
  ].every(ip);
  if (!made) {
    remove();
    return undefined;
  }
  return {
    host,
    within: ['ip', 'netns', 'exec', name],
    unplug: () => void ip(['link', 'set', here, 'down']),
    plugIn: () => void ip(['link', 'set', here, 'up']),
    remove,
  };
}

function ip(args: string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}
