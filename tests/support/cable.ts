import { spawn, spawnSync } from 'node:child_process';

/**
 * A network of its own for a program, and a cable from there to a gateway, in another one, that leads to a socket
 * of this machine. This machine's own network never changes, which browsers at work here would notice.
 */
export interface Cable {
  /** Where programs within find what is behind the gateway. */
  host: string;
  port: number;
  /** What goes before a command that is to run within. */
  within: string[];
  /** Whatever is on its way is lost, and neither end is told. */
  unplug(): void;
  plugIn(): void;
  remove(): void;
}

const HOST = '10.251.0.1';
const PORT = 5432;
/** Both ends of a connection end together; it ends itself with whoever started it. */
const GATEWAY = `
  const net = require('node:net');
  net.createServer((near) => {
    const far = net.connect(process.argv[1]);
    for (const [from, to] of [[near, far], [far, near]]) {
      from.pipe(to);
      from.on('error', () => undefined).on('close', () => to.destroy());
    }
  }).listen(${PORT}, '${HOST}', () => console.log('ready'));
  process.stdin.resume().on('end', () => process.exit());
`;

/**
 * `socket`: the path of what is behind the gateway. Undefined where this process may not make networks, as only
 * root may, or where `ip` is not installed.
 */
export async function layCable(socket: string): Promise<Cable | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [near, far] = [`coffee-near-${process.pid}`, `coffee-far-${process.pid}`];
  const lost = (): void => {
    for (const name of [near, far]) ip(`netns delete ${name}`);
  };
  const laid = [
    `netns add ${near}`,
    `netns add ${far}`,
    `link add one netns ${near} type veth peer name two netns ${far}`,
    `-n ${near} address add 10.251.0.2/30 dev one`,
    `-n ${far} address add ${HOST}/30 dev two`,
    `-n ${near} link set lo up`,
    `-n ${near} link set one up`,
    `-n ${far} link set two up`,
  ].every(ip);
  if (!laid) {
    lost();
    return undefined;
  }
  const inside = (name: string): string[] => ['ip', 'netns', 'exec', name];
  const [command, ...args] = [...inside(far), process.execPath, '-e', GATEWAY, socket];
  const gateway = spawn(command!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    gateway.stdout.once('data', () => resolve());
    gateway.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
  const set = (way: 'down' | 'up'): void => {
    if (!ip(`-n ${far} link set two ${way}`)) throw new Error(`the cable is not ${way}`);
  };
  return {
    host: HOST,
    port: PORT,
    within: inside(near),
    unplug: () => set('down'),
    plugIn: () => set('up'),
    remove() {
      gateway.kill();
      lost();
    },
  };
}

function ip(command: string): boolean {
  return spawnSync('ip', command.split(' '), { stdio: 'ignore' }).status === 0;
}
