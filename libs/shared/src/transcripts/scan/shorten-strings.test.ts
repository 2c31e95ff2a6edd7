import fc from 'fast-check';
import { shortenStrings } from './shorten-strings';

const MB = 1 << 20;

it('leaves valid JSON with the same keys and numbers, wherever the line is cut, whatever it holds', () => {
  const part = fc.constantFrom(
    'a',
    '"',
    '\\',
    '\\\\',
    '\n',
    '\u0001',
    '’',
    '🙂',
    '{"x":1}',
    '\\u0041',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 9 }), fc.nat(2000), (parts, off) => {
      const text = parts.join('').repeat(Math.ceil((1.2 * MB) / parts.join('').length));
      const line = {
        id: 'm',
        ['k"']: 7,
        long: text,
        short: parts,
        more: [{ text, n: 3 }],
        last: 'z',
      };
      const whole = Buffer.from(JSON.stringify(line));
      // As it is read: up to some byte, shortened, and then the rest behind it.
      const cut = Math.floor((whole.length * 2) / 3) + off;
      const head = Buffer.from(whole.subarray(0, cut));
      const rest = whole.subarray(cut);
      const length = shortenStrings(head, head.length);
      const joined = Buffer.concat([head.subarray(0, length), rest]);
      const end = shortenStrings(joined, joined.length);
      expect(end).toBeLessThan(MB);
      const read = JSON.parse(joined.toString('utf8', 0, end)) as typeof line;
      expect({ ...read, long: '', more: read.more.map(({ n }) => n) }).toEqual({
        ...line,
        long: '',
        more: [3],
      });
      expect(text.startsWith(read.long.slice(0, 5_000))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
