import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseLine } from '../records/parse-line';
import type { MachineRecord } from '../records/record';
import { makeWorkstation, type Workstation } from '../transcripts/testing/workstation';
import { appendLines, appendRecords } from './append';
import { exportRecords } from './export';
import { lockHolder, tryLock, unlock, withLock } from './file-lock';
import { pruneSpool } from './prune';
import { listSegments, spoolFolder } from './segments';

let machine: Workstation;
beforeEach(() => (machine = makeWorkstation()));
afterEach(() => machine.remove());

const at = '2026-02-03T04:05:06.789Z';
const idOf = (n: number) => `${machine.identity.machine_id}:manual:user_message:${at}:n${n}`;
const record = (n: number): MachineRecord => ({
  v: 1,
  id: idOf(n),
  at,
  type: 'user_message',
  source: 'manual',
  folder: '/home/ada/ä "quoted"',
  session_id: null,
});
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

function exported(after?: string) {
  const { paths, identity } = machine;
  const pieces = exportRecords({ paths, identity, after, programVersion: '1.2.3' });
  const text = Buffer.concat([...pieces]).toString('utf8');
  const lines = text.split('\n').slice(0, -1).map(parseLine);
  const [header, trailer] = [lines.at(0), lines.at(-1)];
  if (header?.kind !== 'header' || trailer?.kind !== 'trailer') throw new Error(text);
  const records = lines.slice(1, -1).map((line) => {
    if (line.kind !== 'record') throw new Error(JSON.stringify(line));
    return Number(/n(\d+)$/.exec(line.record.id)?.[1]);
  });
  return { header: header.header, records, trailer: trailer.trailer };
}

it('gives everything, and what came behind a record', () => {
  expect(exported()).toMatchObject({ records: [], trailer: { records: 0, last_id: null } });
  appendRecords(machine.paths, numbers(0, 5).map(record));
  expect(exported().records).toEqual([0, 1, 2, 3, 4]);
  expect(exported().trailer).toEqual({ type: 'export_end', records: 5, last_id: idOf(4) });
  expect(exported(idOf(2))).toMatchObject({
    header: { after: idOf(2), after_found: true, label: 'devbox', v: 1 },
    records: [3, 4],
  });
  expect(exported(idOf(4)).trailer).toEqual({ type: 'export_end', records: 0, last_id: idOf(4) });
});

it('starts anew behind a record that it does not have, and says so', () => {
  appendRecords(machine.paths, [record(1), record(12)]);
  expect(exported(idOf(2))).toMatchObject({ header: { after_found: false }, records: [1, 12] });
  expect(exported(idOf(1)).records).toEqual([12]); // n1 is no beginning of n12
});

it('goes on behind the first of several records with one id', () => {
  appendRecords(machine.paths, [record(1), record(2), record(1), record(3)]);
  expect(exported(idOf(1)).records).toEqual([2, 1, 3]);
});

it('finds every record, over segments and pieces of any size', () => {
  const filler = 'x'.repeat(3_000);
  for (const n of numbers(0, 1_500)) {
    const line = JSON.stringify({ ...record(n), folder: filler });
    appendLines(machine.paths, Buffer.from(`${line}\n`), { lazy: true, segmentBytes: 2_000_000 });
  }
  expect(listSegments(machine.paths).length).toBeGreaterThan(1);
  for (const n of [0, 1, 348, 349, 350, 351, 699, 700, 1_498]) {
    const { header, records } = exported(idOf(n));
    expect([header.after_found, records[0], records.length]).toEqual([true, n + 1, 1_499 - n]);
  }
});

it('shows no torn line, and takes it away before the next one', () => {
  appendRecords(machine.paths, [record(1)]);
  appendFileSync(listSegments(machine.paths)[0]!.file, '{"v":1,"id":"torn');
  expect(exported().records).toEqual([1]);
  appendRecords(machine.paths, [record(2)]);
  expect(exported().records).toEqual([1, 2]);
});

it('prunes only what every receiver has', () => {
  for (const n of numbers(0, 6)) {
    const line = Buffer.from(`${JSON.stringify(record(n))}\n`);
    appendLines(machine.paths, line, { segmentBytes: 100 }); // one in each
  }
  expect(() => pruneSpool(machine.paths, [])).toThrow('every receiver');
  expect(() => pruneSpool(machine.paths, [idOf(5), idOf(99)])).toThrow('has no record');
  expect(pruneSpool(machine.paths, [idOf(5), idOf(3)])).toMatchObject({ segments: 3 });
  expect(exported(idOf(3)).records).toEqual([4, 5]);
  expect(exported(idOf(0))).toMatchObject({ header: { after_found: false }, records: [3, 4, 5] });
  pruneSpool(machine.paths, [idOf(5)]);
  expect(exported().records).toEqual([5]); // the last segment stays
});

it('is closed to others', () => {
  appendRecords(machine.paths, [record(1)]);
  expect(statSync(spoolFolder(machine.paths)).mode & 0o777).toBe(0o700);
  expect(statSync(listSegments(machine.paths)[0]!.file).mode & 0o777).toBe(0o600);
});

describe('the lock', () => {
  const lock = () => {
    mkdirSync(machine.paths.data, { recursive: true });
    return path.join(machine.paths.data, 'some-lock');
  };

  it('is one process’s at a time', () => {
    const mine = tryLock(lock(), 'test')!;
    expect(tryLock(lock(), 'test')).toBeUndefined();
    expect(lockHolder(lock())).toMatchObject({ pid: process.pid, purpose: 'test' });
    expect(() => withLock(lock(), 'test', () => 1, 20)).toThrow(`process ${process.pid}`);
    unlock(lock(), mine);
    expect(withLock(lock(), 'test', () => 1)).toBe(1);
    expect(existsSync(lock())).toBe(false);
  });

  it('of a process that was killed stands in nobody’s way', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    const dead = { pid, identity: `${pid}@1`, host: tryHost(), purpose: 'x', token: 'x' };
    writeFileSync(lock(), JSON.stringify(dead));
    expect(withLock(lock(), 'test', () => 1)).toBe(1);
    writeFileSync(lock(), JSON.stringify({ ...dead, pid: process.pid })); // a pid used again
    expect(withLock(lock(), 'test', () => 1)).toBe(1);
    writeFileSync(lock(), ''); // no whole lock is ever written so
    expect(withLock(lock(), 'test', () => 1)).toBe(1);
  });

  function tryHost(): string {
    const mine = tryLock(lock(), 'host')!;
    unlock(lock(), mine);
    return mine.host;
  }
});

it('takes the lines of many processes at once, each whole', async () => {
  const script = `require.extensions['.ts'] = (module, file) => module._compile(
      require('@swc/core').transformFileSync(file, { jsc: { parser: { syntax: 'typescript' },
        target: 'es2022' }, module: { type: 'commonjs' } }).code, file);
    const { appendRecords } = require(${JSON.stringify(path.join(__dirname, 'append.ts'))});
    const record = ${JSON.stringify(record(0))};
    for (let i = 0; i < 25; i += 1)
      appendRecords(${JSON.stringify(machine.paths)},
        [{ ...record, id: record.id + process.argv[1] + String(i).padStart(2, '0') }]);`;
  const codes = await Promise.all(
    ['1', '2', '3', '4'].map((name) => {
      const child = spawn(process.execPath, ['-e', script, name], { cwd: process.cwd() });
      return new Promise((resolve) => child.once('close', resolve));
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  const { records } = exported();
  expect(records).toHaveLength(100);
  expect(new Set(records).size).toBe(100);
});
