import { spawnSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openComposeStack } from './compose-stack';
import globalTeardown from './global-teardown';

const root = path.resolve(__dirname, '..', '..');

/** A fresh clone without .env, brought up; and the host's own program, as npm start builds it. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-compose-'));
  process.env.COFFEE_COMPOSE_CLONE = folder;
  run('git', ['clone', '--quiet', root, folder]);
  const stack = openComposeStack();
  try {
    await stack.compose('up', '--wait', '--build');
  } catch (error) {
    // jest tears down only what it could set up.
    const logs = await stack.compose('logs', '--tail=20').catch(String);
    await globalTeardown();
    throw new Error(`the stack does not come up: ${String(error)}\n${logs}`, { cause: error });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  run(process.execPath, ['scripts/build.mjs'], folder);
}

function run(command: string, args: string[], cwd = root): void {
  const end = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (end.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${end.stderr}`);
}
