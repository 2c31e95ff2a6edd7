import { throwDice, type Dice } from './dice';

const WORDS =
  `the a of to and in that is for it with as was on be by this from or at are not have an which one we
  you all their has would what will there if can more when who so about up out them then she many some
  time very upon may its only now my after also did made first any could like into him see two been work
  function const return import export async await error test build module request response handler`.split(
    /\s+/,
  );
const PHRASES = [
  'You’re absolutely right!',
  "You're absolutely right!",
  "you're right, that was wrong.",
  'You are completely right',
  'Perfect!',
  'Excellent! All tests pass.',
  'PERFECT!',
  'You are right about that.',
];
const ODD = [
  'naïve',
  '日本語',
  '🙂',
  'tab\there',
  '"quoted"',
  'back\\slash',
  'line\u2028sep',
  '\u0007',
];

/** Of the words; about one message in sixteen then holds one, as in real logs. */
const PHRASE_SHARE = 0.002;

/** About `length` characters of text as an agent writes it. */
export function prose(dice: Dice, length: number): string {
  let text = '';
  while (text.length < length) {
    const chance = dice.next();
    if (chance < PHRASE_SHARE) text += `${dice.pick(PHRASES)} `;
    else if (chance < 0.02) text += `${dice.pick(ODD)} `;
    else if (chance < 0.06) text += '\n';
    else text += `${dice.pick(WORDS)} `;
  }
  return text;
}

let source = '';

/** About `length` characters of what a tool gives back: quick to make, full of quotes and tabs. */
export function toolOutput(dice: Dice, length: number): string {
  if (source === '') {
    const dice = throwDice(1); // made once, whoever asks first
    const lines = Array.from({ length: 4000 }, (_, i) => {
      const words = Array.from({ length: 8 }, () => dice.pick(WORDS)).join(' ');
      return `${i}\tconst ${dice.pick(WORDS)}${i} = "${words}"; // ${dice.pick(ODD)}`;
    });
    source = lines.join('\n');
  }
  let text = '';
  while (text.length < length) {
    const start = dice.below(source.length - 1);
    text += source.slice(start, start + length - text.length);
  }
  // A cut through a pair leaves a half, which no real log holds.
  return text.replace(/[\ud800-\udfff]/g, '');
}
