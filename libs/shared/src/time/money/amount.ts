import { add, divideHalfUp, formatDecimal, parseDecimal } from './decimal';

const HOUR_MS = 3_600_000n;

/** Digits after the point of what a line of a bill says. */
export const CENTS = 2;

/** An hourly rate for so many whole milliseconds, half-up to the cent: `1.50`. */
export function amountOf(ms: number, ratePerHour: string, places: number = CENTS): string {
  const rate = parseDecimal(ratePerHour);
  const units = BigInt(ms) * rate.units * 10n ** BigInt(places);
  const divisor = HOUR_MS * 10n ** BigInt(rate.scale);
  return formatDecimal({ units: divideHalfUp(units, divisor), scale: places }, places);
}

/** A total is the sum of its lines, and so agrees with them to the cent. */
export function sumAmounts(amounts: Iterable<string>, places: number = CENTS): string {
  let sum = parseDecimal('0');
  for (const amount of amounts) sum = add(sum, parseDecimal(amount));
  return formatDecimal(sum, places);
}
