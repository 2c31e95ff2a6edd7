import { createQuestionKeys } from './question-keys';

test('the key of a question survives a restart, whatever the order of its parts', () => {
  const key = createQuestionKeys()('question', { a: 1, b: { c: [1, 2], d: 2 } });
  expect(createQuestionKeys()('question', { b: { d: 2, c: [1, 2] }, a: 1 })).toBe(key);
  expect(createQuestionKeys()('question', { a: 1, b: { c: [2, 1], d: 2 } })).not.toBe(key);
  expect(createQuestionKeys()('permission', { a: 1, b: { c: [1, 2], d: 2 } })).not.toBe(key);
});

test('what one run asks twice has two keys', () => {
  const keyOf = createQuestionKeys();
  const [first, second, third] = [1, 1, 1].map((content) => keyOf('question', content));
  expect([second, third]).toEqual([`${first}:2`, `${first}:3`]);
});
