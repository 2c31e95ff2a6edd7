import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TITLES } from './titles';

const named = new Set(
  readdirSync(__dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(path.join(__dirname, file), 'utf8').matchAll(
        /^describe\(\s*(?:'([^'\n]*)'|"([^"\n]*)")/gm,
      ),
    ])
    .map((match) => match[1] ?? match[2] ?? ''),
);

it('every title has a test of its name', () => {
  expect(TITLES.filter((title) => !named.has(title))).toEqual([]);
});
