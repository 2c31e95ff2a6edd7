import { RowDigest } from '@coffee-roadmap/db/backup/row-digest';
import fc from 'fast-check';

const rows = fc.array(fc.string({ maxLength: 20 }).map((row) => row.replaceAll('\n', '\\n')));
const bytesOf = (all: string[]): Buffer => Buffer.from(all.map((row) => `${row}\n`).join(''));

function digestOf(bytes: Buffer, cuts: number[] = []): string {
  const digest = new RowDigest();
  const at = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
  [...at, bytes.length].reduce((from, to) => (digest.push(bytes.subarray(from, to)), to), 0);
  return `${digest.rows} ${digest.digest()}`;
}

it('is the same in whatever order rows come, and however they are cut into pieces', () => {
  fc.assert(
    fc.property(rows, fc.array(fc.nat()), fc.infiniteStream(fc.nat()), (all, cuts, dice) => {
      const shuffled = all
        .map((row) => ({ row, key: dice.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row);
      expect(digestOf(bytesOf(shuffled), cuts)).toBe(digestOf(bytesOf(all)));
    }),
  );
});

it('differs where a row is changed, added, gone or there twice', () => {
  const of = (...all: string[]): string => digestOf(bytesOf(all)).split(' ')[1]!;
  const digests = [of('a', 'b'), of('a', 'c'), of('a'), of('a', 'b', ''), of('a', 'b', 'b'), of()];
  expect(new Set([...digests, of('ab'), of('a', 'b', 'b', 'b')]).size).toBe(8);
});
