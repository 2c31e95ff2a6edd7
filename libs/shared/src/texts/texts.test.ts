import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { NO_COUNTS } from '../imports/import-counts';
import { parseLine } from '../records/parse-line';
import type { MessageTextRecord } from '../records/record';
import { setAside } from '../machines/set-aside';
import { makeWorkstation, type Workstation } from '../transcripts/testing/workstation';
import { readTexts, removeWaitingTexts, takeTexts, waitingBytes } from './outbox';
import { sendTexts } from './send';
import { forgetTooOld } from './too-old';
import { findTextSetting, removeTextSetting, saveTextSetting, textsFile } from './setting';

const PLACE = 'Postgres at db.example.com:5432/coffee';
const SINCE = '2026-03-01T00:00:00.000Z';
const LATER = '2026-03-02T10:00:00.000Z';

let machine: Workstation;
beforeEach(() => (machine = makeWorkstation()));
afterEach(() => machine.remove());

let lines = 0;
function write(type: 'user' | 'assistant', content: unknown, more: object = {}, file = 'a'): void {
  const folder = path.join(machine.claude, 'projects', 'p');
  mkdirSync(folder, { recursive: true });
  const line = {
    ...{ type, sessionId: 's-1', uuid: `u-${++lines}`, timestamp: LATER, cwd: '/src' },
    message: { id: type === 'assistant' ? 'msg_1' : undefined, role: type, content },
    ...more,
  };
  appendFileSync(path.join(folder, `${file}.jsonl`), `${JSON.stringify(line)}\n`);
}
const collect = () => machine.collector().pass();
const turnOn = (): void => saveTextSetting(machine.paths, { since: SINCE, to: [PLACE] });
function waiting(): MessageTextRecord[] {
  return takeTexts(machine.paths)
    .flatMap((file) => [...readTexts(file)])
    .flatMap((piece) => piece.toString().split('\n').slice(0, -1))
    .map((line) => {
      const parsed = parseLine(line);
      if (parsed.kind !== 'record') throw new Error(`${parsed.kind}: ${line}`);
      return parsed.record as MessageTextRecord;
    });
}

it('keeps no text unless its person turned that on', async () => {
  write('user', 'a secret plan');
  write('assistant', [{ type: 'text', text: 'a secret answer' }]);
  await collect();
  expect(existsSync(path.join(machine.paths.data, 'texts'))).toBe(false);
  expect(machine.spooled().join('\n')).not.toMatch(/secret/);
});

it('keeps what is written and answered from then on, apart from the spool, masked and shortened', async () => {
  turnOn();
  const key = `sk-ant-${'a1B2'.repeat(8)}`;
  write('user', 'before it was turned on', { timestamp: '2026-02-28T10:00:00.000Z' });
  write('user', `use ${key}\nand\u001b[31m go \ud83d`);
  write('user', [{ type: 'text', text: 'one' }, { type: 'image' }, { type: 'text', text: 'two' }]);
  write('user', [{ type: 'tool_result', content: 'what a tool gave back' }]);
  write('user', 'what a program put there', { isMeta: true });
  write('assistant', [
    { type: 'thinking', thinking: 'what it thought' },
    { type: 'text', text: 'x'.repeat(9000) },
    { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'what it ran' } },
  ]);
  write('assistant', [{ type: 'text', text: 'aside' }], { isSidechain: true });
  write('user', 'to a sub-agent', {}, 'agent-1');
  write('assistant', [{ type: 'text', text: 'of a sub-agent' }], {}, 'agent-1');
  await collect();
  const found = waiting();
  expect(found.map(({ role, text }) => [role, text])).toEqual([
    ['user', 'use [masked anthropic key]\nand\ufffd[31m go \ufffd'],
    ['user', 'one\n\ntwo'],
    ['assistant', 'x'.repeat(8000)],
  ]);
  expect(found[2]).toMatchObject({ message_id: 'msg_1', session_id: 's-1', at: LATER });
  expect(machine.spooled().join('\n')).not.toMatch(/masked|two|xxx|message_text/);
  const folder = path.join(machine.paths.data, 'texts');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(takeTexts(machine.paths)[0]!).mode & 0o777).toBe(0o600);
});

it('goes to a place that was named, is tried again after a failure, and is gone once it is there', async () => {
  turnOn();
  const sent: string[] = [];
  const send = (text: Buffer) => {
    sent.push(text.toString());
    return Promise.resolve({ ...NO_COUNTS, inserted: 1 });
  };
  write('user', 'hello');
  await collect();
  await sendTexts(machine.paths, 'Postgres at elsewhere:5432/coffee', send);
  await sendTexts(machine.paths, undefined, send);
  expect(sent).toEqual([]);
  const away = () => Promise.reject(new Error('away'));
  await expect(sendTexts(machine.paths, PLACE, away)).rejects.toThrow('away');
  write('user', 'again');
  await collect();
  expect(await sendTexts(machine.paths, PLACE, send)).toMatchObject({ counts: { inserted: 2 } });
  expect(sent.join('')).toMatch(/hello/);
  expect(sent.join('')).toMatch(/again/);
  expect(waitingBytes(machine.paths)).toBe(0);
  expect(await sendTexts(machine.paths, PLACE, send)).toEqual({ counts: NO_COUNTS, kept: false });
});

it.each(['unknown_type', 'type'])(
  'goes on waiting where the receiver is too old for it and refuses it as %s; what is wrong goes',
  async (reason) => {
    turnOn();
    write('user', 'hello');
    await collect();
    const bytes = waitingBytes(machine.paths);
    const refuse = (why: string) => () =>
      Promise.resolve({ ...NO_COUNTS, refused: 1, reasons: { [why]: 1 } });
    expect(await sendTexts(machine.paths, PLACE, refuse(reason))).toEqual({
      counts: NO_COUNTS,
      kept: true,
    });
    expect([bytes > 0, waitingBytes(machine.paths)]).toEqual([true, bytes]);
    // Not at once again, which may be much for nothing; a day later, or where they are turned on again.
    const never = () => Promise.reject(new Error('nothing may be sent'));
    expect(await sendTexts(machine.paths, PLACE, never)).toEqual({ counts: NO_COUNTS, kept: true });
    forgetTooOld(machine.paths);
    await expect(sendTexts(machine.paths, PLACE, never)).rejects.toThrow('nothing may');
    await sendTexts(machine.paths, PLACE, refuse(reason));
    const later = new Date(Date.now() + 86_500_000);
    expect(await sendTexts(machine.paths, PLACE, refuse('text'), later)).toMatchObject({
      counts: { refused: 1 },
      kept: false,
    });
    expect(waitingBytes(machine.paths)).toBe(0);
  },
);

it.each([
  ['is turned off', (): void => removeTextSetting(machine.paths)],
  ['is taken back', (): void => void removeWaitingTexts(machine.paths)],
  ['may go elsewhere alone', (): void => saveTextSetting(machine.paths, { since: SINCE, to: [] })],
])('stops between two pieces of a file when it %s', async (_, happen) => {
  turnOn();
  // Several megabytes.
  for (let n = 0; n < 500; n++) write('user', String(n).padEnd(7_900, 'x'));
  await collect();
  let sent = 0;
  const { counts } = await sendTexts(machine.paths, PLACE, () => {
    happen();
    sent += 1;
    return Promise.resolve({ ...NO_COUNTS, inserted: 1 });
  });
  expect([sent, counts.inserted]).toEqual([1, 1]);
});

it('stops at once when it is turned off, also for whoever watches', async () => {
  turnOn();
  const watcher = machine.collector();
  write('user', 'hello');
  await watcher.pass();
  expect(removeWaitingTexts(machine.paths)).toBeGreaterThan(0);
  removeTextSetting(machine.paths);
  write('user', 'not this');
  await watcher.pass();
  expect(waitingBytes(machine.paths)).toBe(0);
});

it.each(['{"since":"always"}', '{"since":', '[]'])(
  'is off where the setting is %s, and all else is collected and sent',
  async (setting) => {
    turnOn();
    write('user', 'hello');
    await collect();
    const bytes = waitingBytes(machine.paths);
    writeFileSync(textsFile(machine.paths), setting);
    write('user', 'not this');
    const spooled = machine.spooled().length;
    expect(await collect()).toMatchObject({ problems: [] });
    expect(machine.spooled().length).toBeGreaterThan(spooled);
    const never = () => Promise.reject(new Error('nothing may be sent'));
    expect(await sendTexts(machine.paths, PLACE, never)).toEqual({
      counts: NO_COUNTS,
      kept: false,
    });
    expect(waitingBytes(machine.paths)).toBe(bytes);
    expect(() => findTextSetting(machine.paths)).toThrow('not as we write it');
  },
);

it('leaves with the machine that is set aside', async () => {
  turnOn();
  write('user', 'hello');
  await collect();
  const { folder } = setAside(machine.paths)!;
  expect(waitingBytes(machine.paths)).toBe(0);
  expect(readFileSync(path.join(folder, 'texts', 'waiting.jsonl'), 'utf8')).toMatch(/hello/);
});
