import fc from 'fast-check';
import { MAX_RECORD_BYTES, parseLine } from './parse-line';
import type { MachineRecord } from './record';
import { makeRecordId } from './record-id';
import { serialiseRecord } from './serialise-record';
import { MACHINE, USAGE } from './testing/usage-record';

const line = (change: object) => JSON.stringify({ ...USAGE, ...change });
const reasonOf = (text: string | Uint8Array) => {
  const parsed = parseLine(text);
  return parsed.kind === 'refused' ? parsed.reason : parsed.kind;
};

it('gives back what was serialised, nulls and all', () => {
  const record: fc.Arbitrary<MachineRecord> = fc
    .record({
      n: fc.nat(),
      folder: fc.option(fc.constantFrom('/a', '/ä ö/日本', 'C:\\x "y"')),
      session: fc.option(fc.uuid()),
      at: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    })
    .chain(({ n, folder, session, at: date }) => {
      const at = date.toISOString();
      const base = { v: 1 as const, at, session_id: session };
      const id = (source: string, type: string, discriminator: string) =>
        makeRecordId({ machineId: MACHINE, source, type, at, discriminator });
      const agent = { ...base, source: 'remote.agent' as const, folder };
      return fc.constantFrom<MachineRecord>(
        { ...USAGE, ...base, folder, input_tokens: n, id: id('claude', 'usage', 'msg_1/req_1') },
        { ...USAGE, ...base, request_id: null, id: id('claude', 'usage', 'msg_1/') },
        {
          ...base,
          id: id('claude', 'phrases', `m${n}`),
          type: 'phrases',
          source: 'claude',
          message_id: `m${n}`,
          line_uuid: null,
          patterns: ['perfect', 'right'],
        },
        { ...agent, id: id('remote.agent', 'user_message', `u${n}`), type: 'user_message' },
        {
          ...agent,
          id: id('remote.agent', 'agent_session', `${session ?? ''}:ended`),
          type: 'agent_session',
          action: 'ended',
          session_type: 'user',
          parent_session_id: null,
          git_branch: null,
        },
      );
    });
  fc.assert(
    fc.property(record, (one) => {
      expect(parseLine(serialiseRecord(one))).toEqual({
        kind: 'record',
        record: one,
        machineId: MACHINE,
      });
      expect(parseLine(Buffer.from(serialiseRecord(one)))).toMatchObject({ kind: 'record' });
    }),
  );
});

it('never throws, whatever comes', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseLine(text)));
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseLine(bytes)));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(USAGE)), fc.jsonValue(), (key, value) => {
      const parsed = parseLine(line({ [key]: value }));
      if (parsed.kind === 'record') expect(Object.keys(parsed.record)).toHaveLength(22);
    }),
  );
});

it('keeps out what the format does not know', () => {
  expect(parseLine(line({ prompt: 'secret', content: [] }))).toEqual(parseLine(line({})));
});

it.each<[string, string | Uint8Array, string]>([
  ['half a line', line({}).slice(0, 100), 'not_json'],
  ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d]), 'not_utf8'],
  ['a list', '[]', 'not_a_record'],
  ['nothing', 'null', 'not_a_record'],
  ['a line too long', line({ folder: 'x'.repeat(MAX_RECORD_BYTES) }), 'too_long'],
  ['a record without a version', line({ v: undefined }), 'not_a_record'],
  ['a newer record', line({ v: 2 }), 'newer_version'],
  ['an unknown type', line({ type: 'screenshot' }), 'unknown_type'],
  ['a type that every object has', line({ type: 'constructor' }), 'unknown_type'],
  ['an id of no machine', line({ id: USAGE.id.slice(1) }), 'bad_id'],
  ['a day that does not exist', line({ id: USAGE.id.replace('02-03', '02-30') }), 'bad_id'],
  ['a time that the id does not say', line({ at: '2026-02-03T04:05:06.788Z' }), 'forged'],
  ['a message that the id does not say', line({ message_id: 'msg_2' }), 'forged'],
  ['a record without anything to be told by', line({ message_id: null }), 'bad_field'],
  ['less than no tokens', line({ input_tokens: -1 }), 'bad_field'],
  ['half a token', line({ input_tokens: 0.5 }), 'bad_field'],
  ['too many tokens', line({ input_tokens: 1e13 }), 'bad_field'],
  ['tokens as text', line({ input_tokens: '1' }), 'bad_field'],
  ['no tokens at all', line({ input_tokens: undefined }), 'bad_field'],
  ['a zero byte', line({ folder: 'a\0b' }), 'bad_field'],
  ['half a character', line({ folder: 'a\ud800' }), 'bad_field'],
  ['an escape sequence', line({ model: '\x1b[2J' }), 'bad_field'],
  ['a cost that is a number', line({ logged_cost_usd: 1 }), 'bad_field'],
])('refuses %s', (_, text, reason) => {
  expect(reasonOf(text)).toBe(reason);
});

it('knows where an export begins and ends', () => {
  const header = {
    type: 'export_start',
    v: 1,
    program: 'coffee-roadmap',
    program_version: '0.1.0',
    machine_id: MACHINE,
    label: 'devbox',
    after: null,
    after_found: true,
  };
  expect(parseLine(JSON.stringify({ ...header, more: 1 }))).toEqual({ kind: 'header', header });
  const trailer = { type: 'export_end', records: 3, last_id: USAGE.id };
  expect(parseLine(JSON.stringify(trailer))).toEqual({ kind: 'trailer', trailer });
  expect(reasonOf(JSON.stringify({ ...header, machine_id: 'x' }))).toBe('not_a_record');
  expect(reasonOf(JSON.stringify({ ...trailer, records: 'many' }))).toBe('not_a_record');
});
