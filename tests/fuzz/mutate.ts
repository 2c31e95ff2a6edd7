import { throwDice, type Dice } from '@coffee-roadmap/shared/transcripts/testing/dice';

/** What programs least expect where a value stands. */
const ODD: readonly unknown[] = [
  ...[null, true, [], {}, [[]], '', 'null', '0', '\0', '\ud800', '𝒳', '\u202e', '\x1b]0;x\x07'],
  ...[0, -1, -0, 0.1, 1e308, 2 ** 53, -(2 ** 31), '9'.repeat(400), '../../etc/passwd', '__proto__'],
  ...['0000-00-00', '9999-12-31T23:59:60Z', '2026-11-21T00:00:00+99:99', 'x'.repeat(70_000)],
];
const BYTES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\\',
  '\n',
  '\r',
  '\t',
  ',',
  ':',
  '\0',
  '\xff',
  '\x1b',
  '\\u',
];

/** A text that is much like `sample`, and wrong: cut, doubled, swapped, flipped, or odd in a value. */
export function mutate(sample: string, seed: number): string {
  const dice = throwDice(seed);
  let text = sample;
  for (let n = 1 + dice.below(3); n > 0; n--) text = step(text, dice);
  return text;
}

function step(text: string, dice: Dice): string {
  const [at, to] = [dice.below(text.length + 1), dice.below(text.length + 1)].sort((a, b) => a - b);
  const [before, between, behind] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (dice.below(8)) {
    case 0:
      return before; // torn
    case 1:
      return before + behind;
    case 2:
      return before + between + between + behind;
    case 3:
      return before + dice.pick(BYTES) + text.slice(at! + 1);
    case 4:
      return behind + before + between;
    default:
      return withOddValue(text, dice);
  }
}

/** Also of a file of many documents, one a line. */
function withOddValue(text: string, dice: Dice): string {
  const lines = text.split('\n');
  const at = dice.below(lines.length);
  try {
    const whole: unknown = lines.length > 1 ? JSON.parse(lines[at]!) : JSON.parse(text);
    lines[at] = JSON.stringify(replaceOne(whole, dice));
  } catch {
    lines[at] = String(dice.pick(ODD));
  }
  return lines.join('\n');
}

function replaceOne(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'object' || value === null || dice.chance(0.2)) return odd(dice);
  if (Array.isArray(value)) {
    const at = dice.below(value.length);
    return value.map((one: unknown, index) => (index === at ? replaceOne(one, dice) : one));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return odd(dice);
  const at = dice.below(entries.length);
  entries[at] = [entries[at]![0], replaceOne(entries[at]![1], dice)];
  if (dice.chance(0.1)) entries.push([String(dice.pick(ODD)), odd(dice)]);
  return Object.fromEntries(entries);
}

function odd(dice: Dice): unknown {
  if (dice.chance(0.95)) return dice.pick(ODD);
  let deep: unknown = 0;
  for (let n = 0; n < 5_000; n++) deep = [deep];
  return deep;
}
