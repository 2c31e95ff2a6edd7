import { createMatcher, namesOf } from './match-phrases';
import { DEFAULT_PATTERNS } from './patterns';

const found = (text: string, patterns = DEFAULT_PATTERNS) =>
  namesOf(
    patterns,
    createMatcher(patterns)(JSON.stringify(text).slice(1, -1), (raw) => JSON.parse(`"${raw}"`)),
  );

it.each([
  ["You're absolutely right!", ['absolutely']],
  ['You’re completely right', ['absolutely']],
  ['you ARE Absolutely Right', ['absolutely']],
  ["Well, you're right. You are right.", ['right']],
  ["You're absolutely right. You're right.", ['absolutely', 'right']],
  ['Perfect! Excellent!', ['excellent', 'perfect']],
  ['imperfect! ', ['perfect']],
  ['Perfect.', []],
  ['Youre right', []],
  ["You're\nright", []],
])('%s', (text, names) => expect(found(text)).toEqual(names));

it('sees through escapes', () => {
  const raw = 'You\\u2019re absolutely \\u0072ight';
  expect(createMatcher(DEFAULT_PATTERNS)(raw, (text) => JSON.parse(`"${text}"`))).toBe(1);
});

it('takes patterns of one’s own, with groups that refer back', () => {
  const own = [
    { name: 'twice', display: 'Twice', match: '\\b(\\w+) \\1\\b' },
    { name: 'dont', display: 'Don’t', match: 'don’t' },
  ];
  expect(found("I don't know", own)).toEqual(['dont']);
  expect(found('the the', own)).toEqual(['twice']);
});
