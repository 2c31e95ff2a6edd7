import { AppError } from '@coffee-roadmap/shared/errors';

/** `12` or `#12`; throws `invalid_input`. */
export function parseNotificationId(text: string): number {
  const id = Number(text.trim().replace(/^#/, ''));
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new AppError('invalid_input', `"${text}" is not the number of a notification`, {
    hint: 'coffee-roadmap notifications shows the numbers of open questions.',
  });
}
