import { Refusal } from '@coffee-roadmap/shared/traces/event-fields';
import { readOtlpExport } from '@coffee-roadmap/shared/traces/otlp/read-export';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeExport, encodeResponse } from './otlp-protobuf';

/** What OpenTelemetry's exporter put on the wire for testing/otel-protobuf.mjs. */
const real = readFileSync(path.join(__dirname, 'fixtures', 'otel-export.pb'));

test('reads what OpenTelemetry’s exporter sends in protobuf', () => {
  const { events, rejected } = readOtlpExport(decodeExport(real), 'full');
  expect(rejected).toBe(0);
  expect(events.map(({ type }) => type)).toEqual([
    'generation-create',
    'event-create',
    'span-create',
    'trace-create',
  ]);
  expect(events[0]!.body).toMatchObject({
    name: 'chat',
    model: 'claude-opus-4-5',
    usageDetails: { input: 40, output: 7, cache_read: 60 },
    startTime: '2026-11-21T07:00:00.123000Z',
    endTime: '2026-11-21T07:00:01.456000Z',
    level: 'ERROR',
    statusMessage: 'failed',
    metadata: { scope: 'plain' },
  });
});

test('any bytes are read or refused', () => {
  const cut = fc.nat(real.length).map((length) => real.subarray(0, length));
  const spoiled = fc.tuple(fc.nat(real.length - 1), fc.nat(255)).map(([at, byte]) => {
    const copy = Buffer.from(real);
    copy[at] = byte;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), cut, spoiled), (bytes) => {
      try {
        readOtlpExport(decodeExport(bytes), 'full');
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
  );
});

test('values within values have an end', () => {
  // AnyValue { arrayValue { values [ AnyValue … ] } }, a hundred thousand deep.
  let bytes: Buffer = Buffer.alloc(0);
  const wrap = (tag: number, inner: Buffer): Buffer => {
    const length: number[] = [];
    for (let rest = inner.length; ; rest = Math.floor(rest / 128)) {
      length.push(rest < 128 ? rest : (rest % 128) | 128);
      if (rest < 128) break;
    }
    return Buffer.concat([Buffer.from([tag, ...length]), inner]);
  };
  for (let level = 0; level < 2_000; level += 1) bytes = wrap(0x2a, wrap(0x0a, bytes));
  const attribute = wrap(0x4a, Buffer.concat([wrap(0x0a, Buffer.from('k')), wrap(0x12, bytes)]));
  const request = wrap(0x0a, wrap(0x12, wrap(0x12, attribute)));
  expect(() => readOtlpExport(decodeExport(request), 'full')).toThrow(Refusal);
});

test('answers in protobuf', () => {
  expect(encodeResponse(0, '')).toHaveLength(0);
  expect(Buffer.from(encodeResponse(2, 'why')).toString('latin1')).toContain('why');
});
