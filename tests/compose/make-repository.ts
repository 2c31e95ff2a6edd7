import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ComposeStack } from './compose-stack';

/** A bare repository in the stack's volume, with these files on main. Returns its path there. */
export async function makeRepository(
  stack: ComposeStack,
  name: string,
  files: Record<string, string>,
): Promise<string> {
  const seed = mkdtempSync(path.join(os.tmpdir(), 'coffee-seed-'));
  const there = `/repositories/${name}.git`;
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', ...args],
      {
        cwd: seed,
      },
    );
  try {
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(seed, file), text);
    git('init', '--quiet', '--initial-branch=main');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'Begin');
    git('bundle', 'create', '--quiet', 'all.bundle', 'main');
    const bundle = execFileSync('base64', ['-w0', path.join(seed, 'all.bundle')], {
      encoding: 'utf8',
    });
    await stack.exec(
      'daemon',
      `echo ${bundle} | base64 -d > /tmp/bundle && git clone --quiet --bare /tmp/bundle ${there} && rm /tmp/bundle`,
    );
    return there;
  } finally {
    rmSync(seed, { recursive: true, force: true });
  }
}
