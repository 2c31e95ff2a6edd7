import { readEnvironment } from '@coffee-roadmap/shared/config/env';
import { isAppError, messageOf } from '@coffee-roadmap/shared/errors';
import { chmodSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { parseAllowList } from './allow-list';
import { createProxy } from './proxy';

/** The agents' one way out, as a service: a socket for whoever has its volume mounted. */
async function main(): Promise<void> {
  const { settings } = readEnvironment();
  const socketPath = settings.egress_socket ?? '/run/coffee-roadmap/egress/egress.sock';
  if (process.argv[2] === 'health') return checkHealth(socketPath);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const server = createProxy(parseAllowList(settings.egress_allow ?? ''), say);
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o666);
  say(`agents may reach: ${settings.egress_allow ?? 'nothing'}`);
  process.on('SIGTERM', () => process.exit(0));
  process.on('SIGINT', () => process.exit(0));
}

function checkHealth(socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = get({ socketPath, path: '/health', timeout: 3_000 }, (answer) => {
      answer.resume();
      answer.on('end', resolve);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
  });
}

main().catch((error: unknown) => {
  const hint = isAppError(error) ? error.hint : undefined;
  process.stderr.write(`${[messageOf(error), hint].filter(Boolean).join('\n')}\n`);
  process.exit(1);
});
