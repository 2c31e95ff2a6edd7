import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NOT_YET_COVERED, PARTLY_COVERED } from './not-yet-covered';
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
const missing = Object.keys(NOT_YET_COVERED);

it('every title has a test of its name, or is on the list of those that have none yet', () => {
  expect(TITLES.filter((title) => !named.has(title) && !missing.includes(title))).toEqual([]);
});

it('no title is on the list that has a test', () => {
  expect(missing.filter((title) => named.has(title))).toEqual([]);
});

it('what is called partly covered has a test', () => {
  expect(Object.keys(PARTLY_COVERED).filter((title) => !named.has(title))).toEqual([]);
});
