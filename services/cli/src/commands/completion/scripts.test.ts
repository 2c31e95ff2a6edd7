import { spawnSync } from 'node:child_process';
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
