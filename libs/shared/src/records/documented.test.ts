import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../config/project-root';
import type { Field } from './fields';
import { SHAPES } from './shapes';

const DOC = readFileSync(path.join(projectRoot(), 'docs', 'records.md'), 'utf8');
const ACTIVITY = DOC.slice(DOC.indexOf('## Activity'), DOC.indexOf('## An export'));

/** Limits by field, in the words of the document. */
type Fields = Record<string, string>;

const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
/** Cells of the rows of each table in this part, the head and the line below it left out. */
const tablesIn = (part: string): string[][][] =>
  part
    .split(/\n\n/)
    .filter((block) => block.startsWith('|'))
    .map((block) =>
      block
        .trim()
        .split('\n')
        .slice(2)
        .map((row) =>
          row
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ),
    );
const fieldsIn = (rows: string[][]): Fields =>
  Object.fromEntries(
    rows.flatMap(([names, limit]) => named(names!).map((name) => [name, limit!] as const)),
  );

/** Every type with its fields and limits, as the document has them. */
function documented(): Record<string, Fields> {
  const types: Record<string, Fields> = {};
  for (const [, type, source, part] of DOC.matchAll(
    /^## `(\w+)`, source (`\w+`)\n([^]*?)(?=^## )/gm,
  ))
    types[type!] = { source: source!, ...fieldsIn(tablesIn(part!)[0]!) };
  const [common, rows] = tablesIn(ACTIVITY);
  const any = named(/`any` is each of (.*)\./.exec(ACTIVITY)![1]!);
  for (const [names, source, more] of rows!)
    for (const type of named(names!)) {
      types[type] = {
        ...fieldsIn(common!),
        source: source === 'any' ? any.map((one) => `\`${one}\``).join(' or ') : source!,
      };
      for (const text of more!.split('; ').filter((one) => one !== '')) {
        const [name, limit] = text.split(/: (.*)/);
        if (text.startsWith('as ')) types[type] = { ...types[named(text)[0]!], ...types[type] };
        else types[type][named(name!)[0]!] = limit!;
      }
    }
  return types;
}

interface Samples {
  good: unknown[];
  bad: unknown[];
}
const number = (text: string): number => Number(text.replaceAll(',', ''));

/** Values at the limit, and just beyond it. Throws for words that it does not know. */
function samplesOf(limit: string): Samples {
  const [words] = limit.split(';') as [string];
  let found: RegExpExecArray | null;
  if (/^id\b/.test(words))
    return { good: ['x', '!'.repeat(200)], bad: ['', 'x'.repeat(201), 'a b', 'ä', 1] };
  if ((found = /^name of ([\d,]+) characters/.exec(words)))
    return {
      good: ['~'.repeat(number(found[1]!))],
      bad: ['', 'x'.repeat(number(found[1]!) + 1), 'a b'],
    };
  if ((found = /^([\d,]+) characters(, line feeds and tabs among them)?/.exec(words))) {
    const [most, lines] = [number(found[1]!), found[2] !== undefined];
    return {
      good: ['ä b', 'x'.repeat(most), ...(lines ? ['a\n\tb'] : [])],
      bad: ['', 'x'.repeat(most + 1), 'a\x1bb', 'a\ud800', ...(lines ? [] : ['a\nb'])],
    };
  }
  if ((found = /^whole, ([\d,]+) to ([\d,]+)/.exec(words))) {
    const [least, most] = [number(found[1]!), number(found[2]!)];
    return { good: [least, most], bad: [least - 1, most + 1, least + 0.5, String(most)] };
  }
  if ((found = /^list of 1 to (\d+) names of (\d+) characters/.exec(words))) {
    const names = (n: number): string[] => Array.from({ length: n }, (_, i) => String(1000 + i));
    const [most, long] = [Number(found[1]), 'x'.repeat(Number(found[2]))];
    return {
      good: [names(most), [long]],
      bad: [[], names(most + 1), [`${long}x`], ['b', 'a'], ['a', 'a']],
    };
  }
  if ((found = /^decimal as text, (\d+) digits before and (\d+) behind/.exec(words))) {
    const [before, behind] = ['9'.repeat(Number(found[1])), '9'.repeat(Number(found[2]))];
    return {
      good: ['0', `${before}.${behind}`],
      bad: [`${before}9`, `0.${behind}9`, '-1', '1e3', 1],
    };
  }
  if (words.startsWith('true or false')) return { good: [true, false], bad: ['true', 0] };
  if (words.startsWith('moment'))
    return {
      good: ['2026-02-03T04:05:06.789Z'],
      bad: ['2026-02-30T04:05:06.789Z', '2026-02-03', 0],
    };
  if (/^issue\b/.test(words)) return { good: ['local:42'], bad: ['42', 'local:', ''] };
  const choices = named(words);
  if (words.startsWith('`') && choices.length > 0)
    return { good: choices, bad: [`${choices[0]}x`, '', 1] };
  throw new Error(`the test does not know this limit: ${limit}`);
}

const types = documented();

it('documents every type and every field, and no other', () => {
  const [every] = tablesIn(DOC.slice(DOC.indexOf('## Every record')));
  expect(every!.flatMap(([names]) => named(names!))).toEqual(['v', 'id', 'at', 'type', 'source']);
  const namesOf = (of: Record<string, object>): [string, string[]][] =>
    Object.entries(of)
      .map(([type, fields]): [string, string[]] => [type, Object.keys(fields).sort()])
      .sort();
  const known = Object.entries(SHAPES).map(([type, { fields }]): [string, object] => [
    type,
    Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'at')),
  ]);
  expect(namesOf(types)).toEqual(namesOf(Object.fromEntries(known)));
});

it.each(Object.keys(types))('takes of %s what the document allows, and nothing beyond', (type) => {
  const { fields } = SHAPES[type as keyof typeof SHAPES] as { fields: Record<string, Field> };
  for (const [name, limit] of Object.entries(types[type]!)) {
    const { check, nullable } = fields[name]!;
    const { good, bad } = samplesOf(limit);
    expect([name, nullable]).toEqual([name, /or null\b/.test(limit)]);
    expect([name, check(null) === undefined]).toEqual([name, nullable]);
    for (const value of good) expect([name, value, check(value)]).toEqual([name, value, undefined]);
    for (const value of bad)
      expect([name, value, check(value)]).toEqual([name, value, expect.any(String)]);
  }
});
