import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_PATTERNS } from '../../phrases/patterns';
import { appendRecords } from '../../spool/append';
import { listSegments } from '../../spool/segments';
import { parseLine } from '../../records/parse-line';
import { listTranscripts } from '../list-transcripts';
import { makeCorpus } from '../testing/corpus';
import { makeWorkstation, type Workstation } from '../testing/workstation';
import { collectorFolder } from './journal';
import { createScanner, giveAway } from './scan-task';

let machine: Workstation;
beforeEach(() => (machine = makeWorkstation()));
afterEach(() => machine.remove());

const corpus = (seed: number, sessions = 6) => makeCorpus({ seed, sessions });
const collect = () => machine.collector().pass();
const isWhole = (lines: string[]) => lines.every((line) => parseLine(line).kind === 'record');
const timesOf = (lines: string[]) => {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return times;
};
const offsets = () => path.join(collectorFolder(machine.paths), 'offsets.jsonl');
const spool = () => listSegments(machine.paths).at(-1)!.file;

it('reads everything once, then nothing, then what is new', async () => {
  machine.write(corpus(1));
  const first = await collect();
  expect(first.problems).toEqual([]);
  expect(first.records).toBe(machine.spooled().length);
  expect(await collect()).toMatchObject({ records: 0, read_files: 0, bytes: 0 });
  machine.write(corpus(2));
  const second = await collect();
  expect(second.records).toBeGreaterThan(0);
  expect(machine.spooled()).toHaveLength(first.records + second.records);
});

it('forgets nothing when transcripts are deleted', async () => {
  machine.write(corpus(1));
  await collect();
  const before = machine.spooled();
  rmSync(path.join(machine.claude, 'projects'), { recursive: true });
  expect(await collect()).toMatchObject({ records: 0, files: 0 });
  expect(machine.spooled()).toEqual(before);
});

it('loses and doubles nothing, whatever part of the last steps a crash has kept', async () => {
  machine.write(corpus(3, 3));
  await collect();
  const [spoolBefore, offsetsBefore] = [statSync(spool()).size, statSync(offsets()).size];
  machine.write(corpus(4, 3));
  await collect();
  const whole = machine.spooled();
  const [spoolAfter, offsetsAfter] = [statSync(spool()).size, statSync(offsets()).size];
  const saved = path.join(machine.home, 'saved');
  copyFileSync(spool(), saved);
  copyFileSync(offsets(), `${saved}.offsets`);
  const cuts = (from: number, to: number, n: number) =>
    Array.from({ length: n }, (_, i) => from + Math.floor(((to - from) * i) / (n - 1)));
  // The spool is written and synced before the offsets are.
  const crashes = [
    ...cuts(spoolBefore, spoolAfter, 40).map((at) => [at, offsetsBefore] as const),
    ...cuts(offsetsBefore, offsetsAfter, 40).map((at) => [spoolAfter, at] as const),
  ];
  for (const [spoolSize, offsetsSize] of crashes) {
    copyFileSync(saved, spool());
    copyFileSync(`${saved}.offsets`, offsets());
    truncateSync(spool(), spoolSize);
    truncateSync(offsets(), offsetsSize);
    await collect();
    // Files may repeat each other's lines; what is in the spool already is not written again.
    const kept = machine.spooled();
    expect(new Set(kept)).toEqual(new Set(whole));
    const most = timesOf(whole);
    expect([...timesOf(kept)].filter(([line, times]) => times > most.get(line)!)).toEqual([]);
  }
});

it('keeps what hooks append between a crash and the next pass', async () => {
  machine.write(corpus(5, 2));
  await collect();
  const at = '2026-02-03T04:05:06.789Z';
  const id = `${machine.identity.machine_id}:manual:user_message:${at}:x1`;
  appendRecords(machine.paths, [
    { v: 1, id, at, type: 'user_message', source: 'manual', folder: null, session_id: null },
  ]);
  appendFileSync(spool(), '{"v":1,"id":"torn'); // a power cut amid a hook
  machine.write(corpus(6, 2));
  await collect();
  const lines = machine.spooled();
  expect(isWhole(lines)).toBe(true);
  expect(lines.filter((line) => line.includes(':x1"'))).toHaveLength(1);
});

it('begins anew, without doubling, when its offsets are lost', async () => {
  machine.write(corpus(7));
  await collect();
  const before = machine.spooled();
  rmSync(offsets());
  expect(await collect()).toMatchObject({ records: 0 });
  expect(machine.spooled()).toEqual(before);
});

it('goes over history once more for new patterns, and for them alone', async () => {
  machine.write(corpus(8));
  await collect();
  const before = machine.spooled().length;
  const own = [{ name: 'the', display: 'The', match: 'the' }];
  const { records } = await machine.collector(own).pass();
  const added = machine.spooled().slice(before);
  expect(records).toBe(added.length);
  expect(added.length).toBeGreaterThan(0);
  for (const line of added) expect(line).toMatch(/"type":"phrases".*"patterns":\["the"\]/);
  expect(await machine.collector(own).pass()).toMatchObject({ records: 0 });
});

it('reports what it cannot read, and reads the rest', async () => {
  machine.write(corpus(9));
  const projects = path.join(machine.claude, 'projects');
  symlinkSync('/nowhere/at/all.jsonl', path.join(projects, 'gone.jsonl'));
  symlinkSync(projects, path.join(projects, 'loop'));
  writeFileSync(path.join(projects, 'closed.jsonl'), '{"type":"user"}\n');
  chmodSync(path.join(projects, 'closed.jsonl'), 0);
  const summary = await collect();
  expect(summary.records).toBeGreaterThan(0);
  expect(isWhole(machine.spooled())).toBe(true);
  const asRoot = process.getuid?.() === 0; // who may read everything
  expect(summary.problems.map(({ file }) => path.basename(file))).toEqual(
    asRoot ? [] : ['closed.jsonl'],
  );
});

it('tells of files that vanish before and while they are read, and keeps what was read', async () => {
  machine.write(corpus(13, 2));
  const projects = path.join(machine.claude, 'projects');
  const long = path.join(projects, 'long.jsonl');
  const lines = (from: number): string =>
    Array.from({ length: 9 }, (_, i) => {
      const message = {
        id: `msg_${from + i}`,
        model: 'claude-haiku-4-5',
        content: [{ type: 'text', text: 'x'.repeat(1 << 20) }],
        usage: { input_tokens: 1, output_tokens: 1 },
      };
      const timestamp = '2026-02-03T04:05:06.789Z';
      return `${JSON.stringify({ type: 'assistant', sessionId: 's', uuid: `u${from + i}`, timestamp, message })}\n`;
    }).join('');
  writeFileSync(long, lines(0));
  const gone = { path: path.join(projects, 'gone.jsonl'), size: 9, modifiedMs: 1 };
  const collector = machine.collector();
  const found = [...listTranscripts([projects]).files, gone];
  const summary = await collector.pass({
    files: found,
    onProgress: () => rmSync(long, { force: true }), // the largest is the first; it takes several slices
  });
  expect(summary).toMatchObject({ vanished_files: 2, problems: [], interrupted: false });
  expect(summary.read_files).toBe(found.length - 2);
  const usage = (): number[] =>
    machine
      .spooled()
      .flatMap((line) => /"type":"usage".*"message_id":"msg_(\d)"/.exec(line)?.[1] ?? [])
      .map(Number);
  expect(usage()).toEqual([0, 1, 2, 3].slice(0, usage().length));
  expect(usage().length).toBeGreaterThan(0);
  expect(await collector.pass()).toMatchObject({ vanished_files: 0, records: 0 });
  writeFileSync(long, lines(0)); // it is back, from a backup
  await collector.pass();
  expect(usage()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it('says once that a session has ended, and again when it went on', async () => {
  machine.write(makeCorpus({ seed: 10, sessions: 1 }));
  const ends = () => machine.spooled().filter((line) => line.includes('"action":"ended"'));
  const files = [...makeCorpus({ seed: 10, sessions: 1 }).keys()];
  await collect();
  expect(ends()).toHaveLength(files.length);
  const file = path.join(machine.claude, files[0]!);
  const now = new Date();
  const line = { type: 'user', sessionId: 's', uuid: 'u9', timestamp: now.toISOString() };
  appendFileSync(file, `\n${JSON.stringify({ ...line, message: { content: 'go on' } })}\n`);
  await collect();
  expect(ends()).toHaveLength(files.length); // it has only just been seen
  await machine.collector().pass({ now: now.getTime() + 3_600_000 });
  expect(ends()).toHaveLength(files.length + 1);
});

it('changes nothing below the folder of the transcripts', async () => {
  machine.write(corpus(11));
  const before = snapshot(machine.claude);
  await collect();
  await collect();
  expect(snapshot(machine.claude)).toEqual(before);
});

/** Everything about every file but when it was read. */
function snapshot(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      const { ino, mode, size, mtimeMs, ctimeMs, nlink } = lstatSync(file);
      const content = statSync(file).isFile() ? readFileSync(file, 'base64') : '';
      return [name, ino, mode, size, mtimeMs, ctimeMs, nlink, content];
    });
}

it('is the machine’s own: records of another identity are made anew', async () => {
  machine.write(corpus(12, 2));
  await collect();
  const other = makeWorkstation('other');
  try {
    cpSync(machine.claude, other.claude, { recursive: true });
    await other.collector().pass();
    expect(other.spooled()).toHaveLength(machine.spooled().length);
    for (const line of other.spooled()) expect(line).toContain(other.identity.machine_id);
  } finally {
    other.remove();
  }
});

it('goes on in a thread whose results were given away, also where a slice holds no record', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee thread '));
  const scan = createScanner({ machineId: randomUUID(), patterns: DEFAULT_PATTERNS });
  const found = ['first', 'second'].map((name) => {
    const file = path.join(folder, `${name}.jsonl`);
    writeFileSync(file, `${JSON.stringify({ type: 'summary', summary: name })}\n`);
    const result = scan({ file, before: undefined, bytes: 1 });
    if (result.kind !== 'scanned') return result.message;
    const { message, transfer } = giveAway(result);
    structuredClone(message, { transfer });
    return result.kind;
  });
  rmSync(folder, { recursive: true });
  expect(found).toEqual(['scanned', 'scanned']);
});
