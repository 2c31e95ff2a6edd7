import { cleanDetail, cleanLine, cleanText } from './clean-text';

test('removes what Postgres cannot store', () => {
  expect(cleanText('a\0b', 10)).toBe('ab');
  expect(cleanText('a\ud83d', 10)).toBe('a\ufffd');
  expect(cleanDetail({ text: 'a\0\ud83d', list: [1, null] })).toEqual({
    text: 'a\ufffd',
    list: [1, null],
  });
  expect(cleanDetail(undefined)).toBeUndefined();
});

test('cuts between characters and says so', () => {
  expect(cleanText('abcdef', 4)).toBe('abc…');
  expect(cleanText('ab😀😀', 4)).toBe('ab\ufffd…');
  expect(cleanLine('  a \n b  ')).toBe('a b');
});
