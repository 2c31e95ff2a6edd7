import { readEnvironment } from '@coffee-roadmap/shared/config/env';
import { messageOf } from '@coffee-roadmap/shared/errors';
import { serveSandbox } from '@coffee-roadmap/shared/sandbox/container/serve';
import { checkHealth } from './health';
import { passToProxy, proxyEnvironment } from './proxy-port';

/** What runs in the agent's container: takes the daemon's orders, and hands the way out on. */
async function main(): Promise<void> {
  const { settings } = readEnvironment();
  const socket = settings.agent_socket ?? '/run/coffee-roadmap/agent/agent.sock';
  if (process.argv[2] === 'health') return checkHealth(socket);
  const port = await passToProxy(settings.egress_socket);
  const root = settings.agent_root ?? '/work';
  await serveSandbox({ socket, root, env: proxyEnvironment(port) });
  process.stderr.write(`agents work in ${root}\n`);
  // Everything that runs here ends with this process: it is the container's first.
  process.on('SIGTERM', () => process.exit(0));
  process.on('SIGINT', () => process.exit(0));
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
