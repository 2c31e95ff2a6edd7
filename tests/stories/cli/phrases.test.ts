import { DEFAULT_PATTERNS } from '@coffee-roadmap/shared/phrases/patterns';
import {
  makeCorpus,
  writeCorpus,
  type Corpus,
} from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { referenceRecords } from '@coffee-roadmap/shared/transcripts/testing/reference-records';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startPhraseCounter } from '../../support/phrase-counter';
import type { Cli } from './program';
import { createTeam, type Team } from './team';

type Day = Record<string, number | string> & { day: string; total_messages: number };
interface History {
  history: Day[];
}

const LABELS = ['desk', 'laptop', 'devbox'];
// The devbox has a synchronised home: the desk's transcripts too.
const SEEDS = [[60], [61], [62, 60]];
let team: Team;
let machines: Cli[];
let corpora: Corpus[][];
beforeAll(async () => {
  team = await createTeam();
  machines = LABELS.map(() => team.program.as(team.ada.url));
  corpora = SEEDS.map((seeds) => seeds.map((seed) => makeCorpus({ seed, sessions: 8 })));
  for (const [i, machine] of machines.entries()) {
    for (const corpus of corpora[i]!) writeCorpus(path.join(machine.home, '.claude'), corpus);
    await machine.run(['init', '--label', LABELS[i]!]);
  }
});
afterAll(() => team.close());

/** Patterns by day, each message once, by the plain reader. */
function expected(all: readonly Corpus[]): Record<string, Record<string, number>> {
  const messages = new Map<string, { day: string; patterns: Set<string> }>();
  for (const corpus of all)
    for (const [name, content] of corpus) {
      const agent = /agent-([^/]+)\.jsonl$/.exec(name)?.[1];
      const settings = {
        machineId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
        patterns: DEFAULT_PATTERNS,
      };
      for (const record of referenceRecords(content, settings, agent)) {
        if (record.type !== 'phrases') continue;
        const key = record.message_id ?? `line:${record.line_uuid}`;
        const day = record.at.slice(0, 10);
        const known = messages.get(key) ?? { day, patterns: new Set() };
        if (day < known.day) known.day = day;
        for (const pattern of record.patterns) known.patterns.add(pattern);
        messages.set(key, known);
      }
    }
  const days: Record<string, Record<string, number>> = {};
  for (const { day, patterns } of messages.values())
    for (const pattern of patterns) {
      days[day] ??= {};
      days[day][pattern] = (days[day][pattern] ?? 0) + 1;
    }
  return days;
}

const patternsOf = (history: readonly Day[]): Record<string, Record<string, number>> =>
  Object.fromEntries(
    history.flatMap(({ day, total_messages: _, ...patterns }) =>
      Object.keys(patterns).length === 0 ? [] : [[day, patterns as Record<string, number>]],
    ),
  );
const history = async (...args: string[]): Promise<Day[]> =>
  (await team.ada.cli.json<History>(['phrases', 'history', ...args])).history;
const sum = (days: readonly Day[]): number =>
  days.reduce((all, { total_messages }) => all + total_messages, 0);

it('counts three workstations right, and doing it all again changes nothing', async () => {
  for (const [i, machine] of machines.entries()) {
    const { days } = await machine.json<{ days: Day[] }>(['phrases', 'backfill']);
    expect(patternsOf(days)).toEqual(expected(corpora[i]!));
    await machine.run(['push']);
  }
  const first = await history();
  expect(Object.keys(patternsOf(first)).length).toBeGreaterThan(3);
  expect(patternsOf(first)).toEqual(expected(corpora.flat()));
  const { totals } = await team.ada.cli.json<{ totals: { calls: number } }>([
    'usage',
    '--timezone',
    'UTC',
  ]);
  expect(sum(first)).toBe(totals.calls);
  expect(sum(await history('--weekly'))).toBe(sum(first));
  expect((await history('--weekly'))[0]!.day).toMatch(/^\d{4}-W\d\d$/);
  expect(patternsOf(await history('--everyone'))).toEqual(patternsOf(first));
  const { workstations } = await team.ada.cli.json<{
    workstations: { workstation_id: string; history: Day[] }[];
  }>(['phrases', 'by-workstation']);
  // Of two machines that have the same messages, either counts them.
  const named = workstations.map(({ workstation_id }) => workstation_id);
  expect(named).toEqual(expect.arrayContaining(['devbox', 'laptop']));
  expect(LABELS).toEqual(expect.arrayContaining(named));
  expect(workstations.reduce((all, one) => all + sum(one.history), 0)).toBe(sum(first));

  rmSync(path.join(machines[1]!.home, '.claude'), { recursive: true }); // as after 30 days
  await machines[1]!.run(['phrases', 'backfill']);
  for (const machine of machines) await machine.run(['push']);
  expect(await team.ada.cli.json(['phrases', 'archive', '--days', '30'])).not.toEqual({
    archived: 0,
  });
  expect(await history()).toEqual(first);
});

it('uploads to a counter of the original kind, and lowers nothing there', async () => {
  const counter = await startPhraseCounter();
  const [desk, laptop] = machines as [Cli, Cli];
  const args = ['phrases', 'backfill', '--upload', counter.url];
  try {
    const refused = await desk.run(args, { input: 'guessed\n' });
    expect([refused.code, counter.rows.size]).toEqual([3, 0]);
    const sent = await desk.json<{ days: Day[]; sent: number }>(args, { input: counter.secret });
    expect([counter.rows.size, sent.sent]).toEqual([sent.days.length, sent.days.length]);
    const [day] = sent.days;
    expect(counter.rows.get(`desk ${day!.day}`)).toEqual({ ...day, workstation_id: 'desk' });

    const larger = { ...day, total_messages: 9999, workstation_id: 'desk' } as Day;
    counter.rows.set(`desk ${day!.day}`, larger);
    const env = { COFFEE_ROADMAP_UPLOAD_SECRET: counter.secret };
    expect(await desk.json(args, { env })).toMatchObject({ sent: 0, kept: sent.days.length });
    expect(counter.rows.get(`desk ${day!.day}`)).toEqual(larger);
    // Its transcripts are gone; what was recorded of them is sent all the same.
    const { days } = await laptop.json<{ days: Day[] }>(args, { env });
    expect(patternsOf(days)).toEqual(expected(corpora[1]!));
    const away = await desk.run(['phrases', 'backfill', '--upload', 'http://127.0.0.1:1'], { env });
    expect(away.code).toBe(4);
  } finally {
    await counter.close();
  }
});

it('follows what is being said, by patterns of one’s own', async () => {
  const [desk] = machines as [Cli];
  const config = path.join(desk.home, '.config', 'coffee-roadmap');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  const patterns = [{ name: 'sorry', display: 'So sorry', match: 'I apologi[sz]e' }];
  writeFileSync(path.join(config, 'phrases.json'), JSON.stringify({ patterns }), { mode: 0o600 });
  const watch = desk.start(['phrases', 'watch']);
  await watch.said(/of \d+ messages/);
  const file = path.join(desk.home, '.claude', 'projects', 'now', 'now.jsonl');
  mkdirSync(path.dirname(file), { recursive: true });
  const say = (id: string): void =>
    appendFileSync(
      file,
      `${JSON.stringify({
        type: 'assistant',
        uuid: `line-${id}`,
        sessionId: 'now',
        version: '2.1.197',
        timestamp: new Date().toISOString(),
        requestId: `req-${id}`,
        message: {
          id,
          model: 'claude-opus-4-5',
          role: 'assistant',
          content: [{ type: 'text', text: 'I apologise. I apologize!' }],
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      })}\n`,
    );
  say('one');
  await watch.said(/So sorry 1 \(\+1\)  of 1 message$/m);
  say('two');
  await watch.said(/So sorry 2 \(\+1\)  of 2 messages$/m);
  watch.kill('SIGINT');
  expect((await watch.ended).stderr).toBe('');
  const today = await desk.json<Day>(['phrases', 'today']);
  expect(today).toMatchObject({ sorry: 2, total_messages: 2 });
  // A pattern that nobody has listed is nobody else's business, until an admin lists it.
  expect(await desk.json<Day>(['phrases', 'today', '--everyone'])).not.toHaveProperty('sorry');
  await team.ada.cli.run(['phrases', 'patterns', 'publish', 'sorry', 'Sorry']);
  expect(await desk.json<Day>(['phrases', 'today', '--everyone'])).toMatchObject({ sorry: 2 });
}, 30_000);

it('shows everything within 80 columns, and says what is wrong', async () => {
  for (const args of [
    ['phrases'],
    ['phrases', 'history'],
    ['phrases', 'by-workstation'],
    ['phrases', 'patterns'],
    ['phrases', 'notes'],
  ]) {
    const { code, stdout } = await machines[0]!.run(args);
    expect([args, code]).toEqual([args, 0]);
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  }
  const { stdout } = await team.ada.cli.run(['phrases', 'history', '--csv']);
  expect(stdout).toMatch(/^day,absolutely,right,perfect,excellent,sorry,total_messages\r\n/);
  expect((await team.ada.cli.run(['phrases', 'history', '--since', 'x'])).code).toBe(2);
  await team.ada.cli.run(['phrases', 'notes', 'add', '2026-01-05', 'A new model']);
  expect((await team.ada.cli.run(['phrases', 'notes'])).stdout).toContain(
    '2026-01-05  A new model',
  );
  const fresh = team.program.as(team.ada.url);
  expect((await fresh.run(['phrases', 'backfill'])).stderr).toContain('coffee-roadmap init');
});
