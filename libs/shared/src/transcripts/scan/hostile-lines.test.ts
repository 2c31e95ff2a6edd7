import { randomInt } from 'node:crypto';
import { DEFAULT_PATTERNS } from '../../phrases/patterns';
import { throwDice } from '../testing/dice';
import { hostileLine } from '../testing/hostile-lines';
import { LineRecords } from './line-records';

const MACHINE = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const ROUNDS = 250;

/** The records of a few lines, which may be of one message. */
function recordsOf(lines: readonly Buffer[]) {
  const reader = new LineRecords({ machineId: MACHINE, patterns: DEFAULT_PATTERNS });
  reader.begin(undefined, []);
  for (const line of lines) {
    const bytes = Buffer.concat([line, Buffer.from('\n')]);
    reader.take(bytes, 0, line.length);
  }
  reader.finish();
  const records = reader.out.bytes.toString('utf8', 0, reader.out.length);
  return { records, counts: reader.counts };
}

/** The same as it is understood, in an order in which nothing is known from the line before. */
function throughJson(line: Buffer): Buffer {
  const { parentUuid, ...rest } = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...rest, parentUuid }));
}

it('says of bytes what it says of the same line as JSON.parse understands it', () => {
  const seed = Number(process.env.SCAN_SEED ?? randomInt(1 << 30));
  const dice = throwDice(seed);
  let told = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const lines = Array.from({ length: 1 + dice.below(8) }, () => hostileLine(dice));
    const found = recordsOf(lines);
    const meant = recordsOf(lines.map(throughJson));
    told += found.records.length;
    // Asked seldom: expect takes far longer than to read the lines.
    if (JSON.stringify(found) === JSON.stringify(meant)) continue;
    expect({ seed, lines: lines.map(String), ...found }).toEqual(meant);
  }
  expect(told).toBeGreaterThan(ROUNDS * 100);
});
