import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createContext } from '../../context';
import { createProgram } from '../../program';
import { listPaths } from './paths';
import { completionScript } from './scripts';

const paths = listPaths(createProgram(createContext(process)));

/** What a real bash offers for a line with the cursor at its end. */
function completeInBash(...words: string[]): string[] {
  const script = `${completionScript('bash', paths)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_coffee_roadmap; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ['--norc', '-c', script, 'bash', 'coffee-roadmap', ...words];
  const { stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  it('completes nouns, verbs and options', () => {
    expect(completeInBash('ro')).toEqual(['roadmap']);
    expect(completeInBash('roadmap', 'a')).toEqual(['add', 'accept']);
    expect(completeInBash('roadmap', 'accept', '--no')).toEqual(['--no-wait']);
    expect(completeInBash('roadmap', 'accept', '2.5', '--t')).toEqual(['--timeout']);
    expect(completeInBash('status', '--w')).toEqual(['--watch']);
    expect(completeInBash('respond', '12', '--j')).toEqual(['--json']);
    expect(completeInBash('machines', 'token', '')).toEqual(['list', 'create', 'revoke']);
    expect(completeInBash('machines', 'token', 'create', '--u')).toEqual(['--upload']);
  });

  it('completes what an option or an argument may be, and else leaves it to file names', () => {
    expect(completeInBash('people', 'add', 'x', '--kind', 'd')).toEqual(['daemon', 'dashboard']);
    expect(completeInBash('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(completeInBash('import', '')).toEqual([]);
  });

  it('offers every noun at the beginning', () => {
    expect(completeInBash('')).toEqual(
      expect.arrayContaining(['status', 'roadmap', 'doctor', 'up']),
    );
  });
});

it('knows every command in every shell', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(shell, paths);
    for (const { words } of paths) for (const word of words) expect(script).toContain(word);
  }
});

// As each shell reads a script without running it; bash runs its own above.
for (const [shell, letters] of [
  ['zsh', ['-f', '-n']],
  ['fish', ['--no-config', '--no-execute']],
] as const) {
  const isThere = spawnSync(shell, ['--version']).status === 0;
  if (!isThere) process.stderr.write(`${shell} is not here: its completion is not read by it\n`);
  (isThere ? it : it.skip)(`is what ${shell} reads without a word`, () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'completion '));
    try {
      const file = path.join(folder, `coffee-roadmap.${shell}`);
      writeFileSync(file, completionScript(shell, paths));
      const read = spawnSync(shell, [...letters, file], { encoding: 'utf8' });
      expect([read.status, read.stdout, read.stderr]).toEqual([0, '', '']);
      writeFileSync(file, `${completionScript(shell, paths)}\nif ((`);
      expect(spawnSync(shell, [...letters, file]).status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
