import { parseSeconds, parseUsd, wholeNumber } from './command';

it.each([
  ['90', 90],
  ['90s', 90],
  ['5m', 300],
  ['5 min', 300],
  ['1.5h', 5400],
  ['2d', 172_800],
])('%s are %i seconds', (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds);
});

it.each(['', 'soon', '-5m', '5 weeks', 'm'])('%j is no time', (text) => {
  expect(() => parseSeconds(text)).toThrow('90s, 5m, 2h or 1d');
});

it('reads amounts and whole numbers', () => {
  expect([parseUsd('5'), parseUsd('$0.25'), parseUsd('none'), parseUsd('0')]).toEqual([
    5,
    0.25,
    'none',
    0,
  ]);
  for (const text of ['', '-1', 'x', 'Infinity']) expect(() => parseUsd(text)).toThrow('USD');
  expect(wholeNumber(1)('12')).toBe(12);
  for (const text of ['0', '1.5', '-1', '', '1e3']) {
    expect(() => wholeNumber(1)(text)).toThrow('at least 1');
  }
});
