import fc from 'fast-check';
import { pad, truncate, widthOf } from './width';

describe('widthOf', () => {
  it.each([
    ['plain', 5],
    ['naïve', 5],
    ['nai\u0308ve', 5],
    ['漢字かな', 8],
    ['한글', 4],
    ['Ｆｕｌｌ', 8],
    ['✅', 2],
    ['⏸️', 2],
    ['⏸', 1],
    ['👩‍👩‍👧', 2],
    ['🇨🇭', 2],
    ['👍🏽', 2],
    ['a\u200bb', 2],
    ['─┼█', 3],
    ['', 0],
  ])('of %j is %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe('truncate', () => {
  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['two words', 5, 'two…'],
    ['漢字かな', 5, '漢字…'],
    ['漢字かな', 4, '漢…'],
    ['x👩‍👩‍👧y', 3, 'x…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%j to %i columns', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected);
  });

  it('never takes more than it may, and never cuts what fits', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.nat(40), (text, width) => {
        const cut = truncate(text, width);
        expect(widthOf(cut)).toBeLessThanOrEqual(width);
        if (widthOf(text) <= width) expect(cut).toBe(text);
      }),
    );
  });
});

it('pads on either side', () => {
  expect(pad('漢', 4)).toBe('漢  ');
  expect(pad('漢', 4, 'right')).toBe('  漢');
  expect(pad('longer', 4)).toBe('longer');
});
