import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_PATTERNS } from '../../phrases/patterns';
import { parseLine } from '../../records/parse-line';
import type { MachineRecord, UsageRecord } from '../../records/record';
import { serialiseRecord } from '../../records/serialise-record';
import { makeCorpus } from '../testing/corpus';
import { referenceRecords } from '../testing/reference-records';
import { LineRecords } from './line-records';
import { agentIdOf, MAX_LINE, scanTranscript } from './scan-transcript';
import type { TranscriptState } from './transcript-state';

const MACHINE = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const OPTIONS = { machineId: MACHINE, patterns: DEFAULT_PATTERNS };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee scan '));
  file = path.join(folder, 'a.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything a file says from `state` on, in slices of `limit` bytes. */
function scan(name: string, state?: TranscriptState, limit = Infinity) {
  const records = new LineRecords(OPTIONS);
  let [text, replaced, tooLong] = ['', false, 0];
  const shortened: number[] = [];
  for (let more = true; more;) {
    const slice = scanTranscript(name, state, records, limit);
    text += records.out.bytes.toString('utf8', 0, records.out.length);
    records.out.length = 0;
    ({ more, state } = slice);
    replaced ||= slice.replaced;
    tooLong += slice.tooLong.length;
    shortened.push(...slice.shortened);
  }
  const lines = text.split('\n').slice(0, -1);
  const found = lines.map((line) => {
    const parsed = parseLine(line);
    if (parsed.kind !== 'record') throw new Error(`${JSON.stringify(parsed)}: ${line}`);
    return parsed.record;
  });
  return {
    records: found,
    lines,
    state: state!,
    replaced,
    tooLong,
    shortened,
    counts: records.counts,
  };
}

const total = (record: UsageRecord) =>
  record.input_tokens +
  record.output_tokens +
  record.cache_read_tokens +
  record.cache_write_5m_tokens +
  record.cache_write_1h_tokens;

/** One record a name, the better of two; sessions apart, whose end only time tells. */
function reduce(records: readonly MachineRecord[]): Map<string, MachineRecord> {
  const best = new Map<string, MachineRecord>();
  for (const record of records) {
    if (record.type === 'agent_session') continue;
    const name = record.id.replace(
      record.type === 'usage' || record.type === 'phrases' ? record.at : '',
      '',
    );
    const known = best.get(name);
    if (known?.type === 'phrases' && record.type === 'phrases') {
      const patterns = [...new Set([...known.patterns, ...record.patterns])].sort();
      best.set(name, { ...known, patterns });
    } else if (known?.type === 'usage' && record.type === 'usage') {
      if (isBetter(record, known)) best.set(name, record);
    } else if (known === undefined) best.set(name, record);
  }
  return best;
}

function isBetter(one: UsageRecord, than: UsageRecord): boolean {
  if (one.is_sidechain !== than.is_sidechain) return than.is_sidechain;
  if (total(one) !== total(than)) return total(one) > total(than);
  return one.speed !== null && than.speed === null;
}

it('says what the plain reader says, whole, in slices and line by line', () => {
  let records = 0;
  for (let seed = 0; seed < 12; seed += 1) {
    for (const [name, content] of makeCorpus({ seed })) {
      file = path.join(folder, path.basename(name));
      writeFileSync(file, content);
      const expected = reduce(referenceRecords(content, OPTIONS, agentIdOf(file)));
      for (const limit of [Infinity, 20_000, 1]) {
        const found = scan(file, undefined, limit);
        expect([...reduce(found.records)].sort()).toEqual([...expected].sort());
        records += found.records.length;
        // In the one form that serialiseRecord has.
        if (limit === Infinity)
          expect(found.lines).toEqual(found.records.map((record) => serialiseRecord(record)));
      }
    }
  }
  expect(records).toBeGreaterThan(2_000);
});

const assistant = (id: string, output: number, more: object = {}) =>
  `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    cwd: '/home/ada/src',
    sessionId: 's1',
    version: '2.1.197',
    message: {
      id,
      model: 'claude-haiku-4-5',
      content: [{ type: 'text', text: 'Perfect!' }],
      usage: { input_tokens: 1, output_tokens: output },
    },
    requestId: 'r1',
    type: 'assistant',
    uuid: `u-${id}-${output}`,
    timestamp: '2026-02-03T04:05:06.789Z',
    ...more,
  })}\n`;
const usageOf = ({ records }: { records: MachineRecord[] }) =>
  records.flatMap((record) => (record.type === 'usage' ? [record.output_tokens] : []));

it('goes on where it was, and repeats nothing', () => {
  writeFileSync(file, assistant('m1', 9));
  const first = scan(file);
  expect(usageOf(first)).toEqual([9]);
  expect(scan(file, first.state).records).toEqual([]);
  appendFileSync(file, assistant('m1', 9)); // the same numbers once more
  const second = scan(file, first.state);
  expect(second.records).toEqual([]);
  appendFileSync(file, assistant('m1', 159) + assistant('m2', 3));
  const third = scan(file, second.state);
  expect(usageOf(third)).toEqual([159, 3]); // a revision, and a new one
  expect(third.records.filter(({ type }) => type === 'agent_session')).toEqual([]);
});

it('leaves a torn last line for later, at any byte', () => {
  const whole = Buffer.from(assistant('m1', 9) + assistant('mä2', 3, { cwd: '/naïve' }));
  const expected = reduce(scanOf(whole).records);
  for (let cut = 0; cut <= whole.length; cut += 7) {
    writeFileSync(file, whole.subarray(0, cut));
    const before = scan(file);
    writeFileSync(file, whole);
    const after = scan(file, before.state);
    expect(after.replaced).toBe(false);
    expect(reduce([...before.records, ...after.records])).toEqual(expected);
  }
});

function scanOf(content: Buffer) {
  writeFileSync(file, content);
  return scan(file);
}

it('notices that a file was truncated or replaced', () => {
  writeFileSync(file, assistant('m1', 9) + assistant('m2', 9));
  const { state } = scan(file);
  truncateSync(file, 10);
  appendFileSync(file, `\n${assistant('m3', 5)}`);
  const shorter = scan(file, state);
  expect([usageOf(shorter), shorter.replaced]).toEqual([[5], true]);
  writeFileSync(file, assistant('m4', 1) + assistant('m5', 2) + assistant('m6', 3));
  const other = scan(file, state);
  expect([usageOf(other), other.replaced]).toEqual([[1, 2, 3], true]);
  const copy = path.join(folder, 'copy.jsonl');
  writeFileSync(copy, readFileSync(file));
  expect(scan(copy, other.state)).toMatchObject({ records: [], replaced: false });
});

it('passes over what is no text, a line without end, and types of tomorrow', () => {
  const odd = Buffer.concat([
    Buffer.from(assistant('m1', 1)),
    Buffer.from([0xff, 0xfe, 10, 0x7b, 0x22, 0xc3, 0x28, 10]),
    Buffer.from('{"type":"tomorrow"}\r\n\r\n{"type":"assistant","message":\n'),
    Buffer.from(assistant('m2', 2).replace('src', 's\xc3c'), 'latin1'),
    Buffer.from(assistant('m3', 3).replace('\n', '\r\n')),
  ]);
  const { records, counts } = scanOf(odd);
  expect(usageOf({ records })).toEqual([1, 2, 3]);
  expect(records.find(({ id }) => id.includes('m2'))).toMatchObject({
    folder: '/home/ada/s\ufffdc',
  });
  expect(counts).toMatchObject({ broken_lines: 3, passed_over: { tomorrow: 1 } });
});

it('reads long lines, passes over one that is longer than any, and goes on behind it', () => {
  const long = assistant('m1', 1, { cwd: 'x'.repeat(3_000_000) });
  const longer = JSON.stringify({ type: 'user', filler: Array(MAX_LINE / 4).fill('yy') });
  writeFileSync(file, `${long}${longer}\n${assistant('m2', 2)}`);
  const found = scan(file);
  expect([usageOf(found), found.tooLong]).toEqual([[1, 2], 1]);
  appendFileSync(file, longer);
  const open = scan(file, found.state);
  expect([open.state.offset, open.tooLong]).toEqual([found.state.offset, 0]);
  appendFileSync(file, `\n${assistant('m3', 3)}`);
  const closed = scan(file, open.state);
  expect([usageOf(closed), closed.tooLong]).toEqual([[3], 1]);
});

it('reads the numbers of a line that a text makes longer than any, in bounded memory', () => {
  // Escapes of all lengths lie at every place where a text is cut.
  const filler = 'a"\\\u0001\n’🙂'.repeat(Math.ceil((MAX_LINE * 1.2) / 20));
  const line = JSON.parse(assistant('m1', 1)) as { message: object };
  const content = [
    { type: 'text', text: filler },
    { type: 'tool_use', id: 't1', name: 'Write', input: { content: filler } },
  ];
  const huge = JSON.stringify({ cwd: '/x', ...line, message: { ...line.message, content } });
  expect(Buffer.byteLength(huge)).toBeGreaterThan(MAX_LINE * 2);
  writeFileSync(file, `${assistant('m0', 5)}${huge}\n${assistant('m2', 2)}`);
  const found = scan(file, undefined, 1);
  expect([usageOf(found), found.tooLong]).toEqual([[5, 1, 2], 0]);
  expect(found.shortened).toEqual([Buffer.byteLength(assistant('m0', 5))]);
  expect(found.counts.broken_lines).toBe(0);
  expect(found.records.filter(({ type }) => type === 'agent_tool_use')).toHaveLength(1);
  expect(scan(file, found.state).records).toEqual([]);
});

it('gives ids that nobody can use another name, always the same', () => {
  const found = scanOf(Buffer.from(assistant('m 1"\n', 4) + assistant('', 7)));
  expect(usageOf(found)).toEqual([4]);
  expect(found.records.find(({ type }) => type === 'usage')).toMatchObject({
    message_id: expect.stringMatching(/^x-[0-9a-f]{64}$/),
  });
});
