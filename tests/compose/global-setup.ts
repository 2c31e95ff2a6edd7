import { spawnSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openComposeStack } from './compose-stack';

const root = path.resolve(__dirname, '..', '..');

/** A fresh clone without .env, brought up; and the host's own program, as npm start builds it. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-compose-'));
  process.env.COFFEE_COMPOSE_CLONE = folder;
  run('git', ['clone', '--quiet', root, folder]);
  await openComposeStack().compose('up', '--wait', '--build');
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  run(process.execPath, ['scripts/build.mjs'], folder);
}

function run(command: string, args: string[], cwd = root): void {
  const end = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (end.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${end.stderr}`);
}
