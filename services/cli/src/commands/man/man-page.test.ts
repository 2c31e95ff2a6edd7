import { spawnSync } from 'node:child_process';
import { createContext } from '../../context';
import { createProgram } from '../../program';
import { listPaths } from '../completion/paths';
import { manPage } from './man-page';

const program = createProgram(createContext(process, 'coffee-roadmap'));
const page = manPage(program, '1.2.3');

it('has every command that does something, with its options and examples', () => {
  const leaves = listPaths(program)
    .map(({ words }) => words.join(' '))
    .filter((words, _, all) => words !== '' && !all.some((other) => other.startsWith(`${words} `)));
  const headings = [...page.matchAll(/^\.SS (.*)$/gm)].map(([, words]) =>
    words!.replace(/\\-/g, '-').replace(/ [[<].*/, ''),
  );
  expect(headings).toEqual(expect.arrayContaining(leaves));
  expect(headings.length).toBeGreaterThan(80);
  expect(page).toContain('\\fB\\-w, \\-\\-watch\\fR');
  expect(page).toContain('$ coffee\\-roadmap status \\-\\-watch');
});

it('is ASCII, and no words of it are requests', () => {
  expect(page).toMatch(/^[\n\x20-\x7e]*$/);
  const requests = new Set(page.split('\n').flatMap((line) => /^[.']\w*/.exec(line) ?? []));
  expect([...requests].sort()).toEqual(
    ['.B', '.I', '.PP', '.RE', '.RS', '.SH', '.SS', '.TH', '.TP', '.fi', '.nf'].sort(),
  );
});

const groff = spawnSync('groff', ['--version']).status === 0;
(groff ? it : it.skip)('is what groff reads without a word', () => {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww'], {
    input: page,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('coffee-roadmap status --watch');
});
