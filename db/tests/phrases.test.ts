import type { Client } from 'pg';
import { codeOf, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import {
  importCall,
  importRecords,
  messageText,
  phrases,
  RED_MACHINE,
  THIRD_MACHINE,
} from './reports';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let anna: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  anna = await world.as('anna');
});
afterAll(() => world.close());

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
const OLD = daysAgo(120);
const many = Array.from({ length: 40 }, (_, n) =>
  phrases(n % 3 === 0 ? ['perfect', 'right'] : ['right'], `old_${n}`, OLD),
);
const counts = async (): Promise<unknown> =>
  (
    await ben.query(
      `select day::text, machine_id, pattern, messages::int from analytics.phrase_days order by 1, 2, 3`,
    )
  ).rows;
const kept = async (): Promise<number> =>
  Number(
    await valueOf(ben, `select count(*) from coffee.phrase_records where message_key like 'old_%'`),
  );

it('archives what is old without a change of any count, also when all of it comes again', async () => {
  await importRecords(ben, [...many, phrases(['right'], 'young', daysAgo(2))]);
  const before = await counts();
  expect(await kept()).toBe(40);
  expect(await valueOf(ben, 'select coffee.archive_phrases()')).toBe('40');
  expect(await kept()).toBe(0);
  expect(await counts()).toEqual(before);

  const again = await importRecords(ben, many);
  expect(again).toMatchObject({ inserted: 0, revised: 0, duplicate: 40, refused: 0 });
  const elsewhere = many.map((_, n) => phrases(['right'], `old_${n}`, OLD, THIRD_MACHINE));
  expect(
    await importRecords(ben, elsewhere, { machineId: THIRD_MACHINE, about: { label: 'third' } }),
  ).toMatchObject({ inserted: 0, duplicate: 40 });
  expect(await valueOf(ben, 'select coffee.archive_phrases()')).toBe('0');
  expect(await counts()).toEqual(before);
});

it('counts a record also where its type is written in escapes', async () => {
  const [sql, values] = importCall([
    phrases(['right'], 'escaped', daysAgo(1)),
    messageText('escaped', 'words'),
  ]);
  const others = (values[3] as string)
    .replace('"type":"phrases"', '"type":"phr\\u0061ses"')
    .replace('"type":"message_text"', '"type":"mess\\u0061ge_text"');
  expect(others.match(/\\u0061/g)).toHaveLength(2);
  expect(await valueOf(ben, sql, values.with(3, others))).toMatchObject({
    inserted: 2,
    refused: 0,
  });
});

it('archives by itself, once a day, what nobody has sent for a week', async () => {
  await importRecords(
    ben,
    many.map((_, n) => phrases(['excellent'], `old_again_${n}`, OLD)),
  );
  const before = await counts();
  const yesterday = `update coffee.machines set last_report_at = now() - interval '1 day' where id = '${RED_MACHINE}'`;
  await world.root(yesterday);
  await importRecords(ben, []);
  expect(await kept()).toBe(40); // they came just now, and may still be revised
  await world.root(`update coffee.phrase_records set imported_at = now() - interval '8 days'
    where message_key like 'old_again_1%'`);
  await importRecords(ben, []);
  expect(await kept()).toBe(40); // it was done today
  await world.root(yesterday);
  await importRecords(ben, []);
  expect(await kept()).toBe(29);
  expect(await counts()).toEqual(before);
});

it('archives nothing of others, and nothing young', async () => {
  const carlas = `select count(*)::int as n from coffee.phrase_records where person_id = '${world.ids.blue.person}'`;
  const [before] = await world.root<{ n: number }>(carlas);
  expect(before!.n).toBeGreaterThan(0);
  await ben.query('select coffee.archive_phrases(30)');
  expect((await world.root<{ n: number }>(carlas))[0]).toEqual(before);
  expect(await codeOf(ben, 'select coffee.archive_phrases(29)')).toBe(INVALID);
  for (const who of ['daemon', 'collector', 'slackbot'] as const)
    expect(await codeOf(await world.as(who), 'select coffee.archive_phrases()')).toBe(NOT_ALLOWED);
});

it('marks days and names patterns for everybody; admins alone write them', async () => {
  const add = `select coffee.add_phrase_note('2026-02-01', 'A new model')`;
  expect(await codeOf(ben, add)).toBe(NOT_ALLOWED);
  expect(await valueOf(anna, add)).toBe(true);
  expect(await valueOf(anna, add)).toBe(false);
  await anna.query(`select coffee.name_pattern('sorry', 'I am sorry')`);
  for (const who of ['ben', 'dashboard'] as const) {
    const client = await world.as(who);
    const { rows } = await client.query(
      `select note from analytics.phrase_marks where day = '2026-02-01'`,
    );
    expect([who, rows]).toEqual([who, [{ note: 'A new model' }]]);
    expect(
      await valueOf(
        client,
        `select display_name from analytics.phrase_names where pattern = 'sorry'`,
      ),
    ).toBe('I am sorry');
  }
  expect(await codeOf(anna, `select coffee.add_phrase_note('2026-02-01', ' ')`)).toBe(INVALID);
  const remove = `select coffee.remove_phrase_note('2026-02-01')`;
  expect(await codeOf(ben, remove)).toBe(NOT_ALLOWED);
  expect(await valueOf(anna, remove)).toBe(1);
  expect(await codeOf(anna, remove)).toBe(NOT_FOUND);
});
