import { splitWords } from './split-words';

it.each([
  ['node agent.mjs', ['node', 'agent.mjs']],
  ['  a   b ', ['a', 'b']],
  [`sh -c 'echo "x y"'`, ['sh', '-c', 'echo "x y"']],
  [`"a \\"b\\" c" d\\ e`, ['a "b" c', 'd e']],
  [`pre'fix 'ed ''`, ['prefix ed', '']],
  ['', []],
])('splits %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

it.each([`'open`, `a "b`, 'end\\'])('refuses %j', (text) => {
  expect(splitWords(text)).toBeUndefined();
});
