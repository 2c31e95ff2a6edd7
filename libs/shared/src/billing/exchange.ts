import { AppError } from '../errors';

/** What one USD is worth, and who says so. */
export interface Exchange {
  readonly name: string;
  readonly rate: string;
}

/** The rate with its name, or neither. Throws `invalid_input` for half of it, with this hint. */
export function parseExchange(
  { rate, name }: { rate: string | undefined; name: string | undefined },
  hint: string,
): Exchange | null {
  if (rate === undefined && name === undefined) return null;
  const isRate = /^\d{1,9}(\.\d{1,10})?$/.test(rate ?? '') && Number(rate) > 0;
  if (!isRate || name === undefined || name.trim() === '' || name.length > 100) {
    throw new AppError('invalid_input', 'an exchange rate is a number and says where it is from', {
      hint,
    });
  }
  return { name, rate: rate! };
}
