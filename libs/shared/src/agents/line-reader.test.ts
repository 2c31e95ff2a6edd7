import fc from 'fast-check';
import { createLineReader } from './line-reader';

function read(chunks: Buffer[], limit?: number): string[] {
  const lines: string[] = [];
  const reader = createLineReader(
    (line) => lines.push(line),
    (most) => lines.push(`(more than ${most})`),
    limit,
  );
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return lines;
}

test('gives the same lines however the bytes are cut', () => {
  const text = fc.array(fc.string({ unit: 'grapheme' }).map((s) => s.replace(/[\r\n]/g, '')));
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const chunks: Buffer[] = [];
      let rest = bytes;
      for (const cut of cuts) {
        chunks.push(rest.subarray(0, cut));
        rest = rest.subarray(cut);
      }
      expect(read([...chunks, rest])).toEqual(lines.filter((line) => line !== ''));
    }),
  );
});

test('drops a line that is too long and goes on with the next', () => {
  const chunks = ['12', '3456', '78\nab', 'c\n123456789'].map((text) => Buffer.from(text));
  expect(read(chunks, 5)).toEqual(['(more than 5)', 'abc', '(more than 5)']);
});

test('takes lines that end as on Windows, and a last one without an end', () => {
  expect(read([Buffer.from('a\r\nb')])).toEqual(['a', 'b']);
});
