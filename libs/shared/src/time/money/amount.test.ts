import fc from 'fast-check';
import { amountOf, sumAmounts } from './amount';
import { formatDecimal, parseDecimal } from './decimal';

const HOUR = 3_600_000;

it.each([
  [HOUR, '85.00', '85.00'],
  [HOUR / 2, '85.01', '42.51'],
  [1, '85.00', '0.00'],
  [6 * 60_000, '100.05', '10.01'],
  [36_000, '0.50', '0.01'],
  [35_999, '0.50', '0.00'],
  [90 * 60_000, '133.3333', '200.00'],
  [HOUR, '-10.005', '-10.01'],
  [0, '85.00', '0.00'],
])('%d ms at %s an hour are %s', (ms, rate, amount) => {
  expect(amountOf(ms, rate)).toBe(amount);
});

it('is exact with the largest amounts there are', () => {
  const year = 366 * 24 * HOUR;
  expect(amountOf(year, '99999999999999999999.99')).toBe('878399999999999999999912.16');
  expect(sumAmounts(Array.from({ length: 10_000 }, () => '99999999999999.99'))).toBe(
    '999999999999999900.00',
  );
  expect(amountOf(Number.MAX_SAFE_INTEGER, '1')).toBe('2501999792.98');
});

it('does not drift: a total is the sum of its lines', () => {
  expect(sumAmounts(Array.from({ length: 10 }, () => '0.10'))).toBe('1.00');
  expect(sumAmounts([])).toBe('0.00');
  const line = amountOf(20 * 60_000, '1.00');
  expect(sumAmounts([line, line, line])).toBe('0.99');
});

it('is never more than half a cent off, and never another way for a negative', () => {
  const rates = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 6 }))
    .map(([units, scale]) => formatDecimal({ units, scale }, scale));
  fc.assert(
    fc.property(fc.nat(31 * 24 * HOUR), rates, (ms, rate) => {
      const { units, scale } = parseDecimal(rate);
      const cents = parseDecimal(amountOf(ms, rate)).units;
      const factor = BigInt(HOUR) * 10n ** BigInt(scale);
      const off = BigInt(ms) * units * 100n - cents * factor;
      expect(2n * off < factor && 2n * off >= -factor).toBe(true);
      const negative = amountOf(ms, `-${rate}`);
      expect(parseDecimal(negative).units).toBe(-cents);
    }),
  );
});

it('writes what it reads', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.nat(12), (units, scale) => {
      expect(parseDecimal(formatDecimal({ units, scale }, scale))).toEqual({ units, scale });
    }),
  );
  for (const text of ['', '1e3', '1,000', 'NaN', '.5', '1.', '0x10', '--1']) {
    expect(() => parseDecimal(text)).toThrow('is no amount');
  }
});
