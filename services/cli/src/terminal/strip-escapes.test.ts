import fc from 'fast-check';
import { stripEscapes } from './strip-escapes';

describe('stripEscapes', () => {
  it.each([
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['cursor movements', 'a\x1b[2K\x1b[1Ab', 'ab'],
    ['a window title', '\x1b]0;owned\x07ok', 'ok'],
    ['the clipboard', '\x1b]52;c;cm0gLXJm\x1b\\ok', 'ok'],
    ['a link', '\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\', 'text'],
    ['a string without an end', 'a\x1b]0;owned', 'a'],
    ['device control', '\x1bP1$r0m\x1b\\ok', 'ok'],
    ['eight-bit sequences', '\x9b31mred\x9d0;x\x9cok', 'redok'],
    ['a reset', '\x1bcok', 'ok'],
    ['a character set', '\x1b(0qx\x1b(B', 'qx'],
    ['half a sequence', 'a\x1b', 'a'],
    ['one within another', '\x1b\x1b[31m[31mx', '[31mx'],
    ['overwriting', 'rm -rf /\rls\b\b', 'rm -rf /ls'],
    ['reversed order', 'a\u202eb\u2066c', 'abc'],
  ])('removes %s', (_name, text, expected) => {
    expect(stripEscapes(text)).toBe(expected);
  });

  it('makes one line, or keeps the lines', () => {
    const text = ' one\r\n\ttwo\nthree\u2028four\n';
    expect(stripEscapes(text)).toBe('one two three four');
    expect(stripEscapes(text, { multiline: true })).toBe(' one\n\ttwo\nthree\u2028four\n');
  });

  it('leaves other text alone, emoji of several parts too', () => {
    expect(stripEscapes('👩‍👩‍👧 naïve [31m 漢字')).toBe('👩‍👩‍👧 naïve [31m 漢字');
  });

  it('leaves no control character in anything', () => {
    const pieces = fc.oneof(
      fc.constantFrom('\x1b', '[', ']', '0', ';', 'm', '\x07', '\x9b', '\x9c', '\r', '\\', 'P'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const safe = stripEscapes(parts.join(''));
        expect(safe).not.toMatch(/\p{Control}/u);
        expect(stripEscapes(safe)).toBe(safe);
      }),
    );
  });
});
