/** Stands for the daemon in a process of its own: with its secrets, as whatever user it is run. */
import { openSandbox, type SandboxOptions } from '@coffee-roadmap/shared/sandbox/open-sandbox';
import path from 'node:path';

export interface DaemonOrder {
  sandbox: SandboxOptions;
  /** A script for node, run inside. */
  script: string;
  /** Given to it as JSON, with the daemon's pid. */
  given: Record<string, unknown>;
}

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** Prints the sandbox, then every line that the script prints, then its end. */
async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? '') as DaemonOrder;
  const sandbox = await openSandbox(order.sandbox);
  const { kind, isolated, description, root } = sandbox;
  say({ sandbox: { kind, isolated, description, root } });
  const workspace = path.join(root, 'attempt', 'workspace');
  const home = path.join(root, 'home');
  await sandbox.prepareFolder(workspace);
  await sandbox.prepareFolder(home);
  const child = sandbox.spawn({
    command: await sandbox.expose(process.execPath),
    args: [
      await sandbox.expose(order.script),
      JSON.stringify({ ...order.given, daemonPid: process.pid }),
    ],
    cwd: workspace,
    env: { PATH: '/usr/bin:/bin', HOME: home },
  });
  say({ pid: child.pid });
  child.stdout.pipe(process.stdout);
  child.stderr.pipe(process.stderr);
  await new Promise((resolve) => child.once('close', resolve));
  await sandbox.removeFolder(path.join(root, 'attempt'));
}

void main();
