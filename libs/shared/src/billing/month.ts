import { AppError } from '../errors';
import { addMonths, parseDate, type LocalDate } from '../time/periods/local-date';

/** First day of a month, `2026-10`, and of the one after it. Throws `invalid_input`. */
export function parseMonth(text: string): { first: LocalDate; next: LocalDate } {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) {
    throw new AppError('invalid_input', `"${text}" is no month`, {
      hint: 'Months are like 2026-10.',
    });
  }
  const first = parseDate(`${text}-01`);
  return { first, next: addMonths(first, 1) };
}
