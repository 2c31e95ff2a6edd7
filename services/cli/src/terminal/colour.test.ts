import { coloursFor } from './colour';

const tty = { isTTY: true };

it.each([
  ['on a terminal', tty, {}, true],
  ['not in a pipe', {}, {}, false],
  ['not where NO_COLOR is set', tty, { NO_COLOR: '1' }, false],
  ['where NO_COLOR is empty, as its specification says', tty, { NO_COLOR: '' }, true],
  ['not on a dumb terminal', tty, { TERM: 'dumb' }, false],
])('colours %s', (_name, stream, env, coloured) => {
  const { red } = coloursFor(stream, env);
  expect(red('x')).toBe(coloured ? '\x1b[31mx\x1b[39m' : 'x');
});
