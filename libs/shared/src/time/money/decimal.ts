import { AppError } from '../../errors';

/** Exact: `units` / 10^`scale`. Money as Postgres' numeric gives it, as text, without loss. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const SHAPE = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** Throws invalid_input for what is no plain decimal number, exponents and separators included. */
export function parseDecimal(text: string): Decimal {
  const match = SHAPE.exec(text.trim());
  if (match === null) throw new AppError('invalid_input', `"${text}" is no amount`);
  const [, sign, whole = '', fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

/** With exactly `places` after the point; halves go away from zero, as Postgres' round(numeric). */
export function formatDecimal(value: Decimal, places: number): string {
  const units = rescale(value, places);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const cut = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return units < 0n ? `-${text}` : text;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: rescale(a, scale) + rescale(b, scale), scale };
}

/** To the nearest whole number, halves away from zero. Throws a RangeError for a divisor of 0. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [n, d] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}

function rescale({ units, scale }: Decimal, places: number): bigint {
  if (places >= scale) return units * 10n ** BigInt(places - scale);
  return divideHalfUp(units, 10n ** BigInt(scale - places));
}
