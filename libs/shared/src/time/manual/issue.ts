import { AppError } from '../../errors';

/** `42` and `#42` are `local:42`; `github:us/shop#42` is as it is. Throws `invalid_input`. */
export function parseIssue(text: string): string {
  const issue = /^#?\d{1,10}$/.test(text) ? `local:${text.replace('#', '')}` : text;
  if (/^[a-z][a-z0-9-]{0,31}:[\x21-\x7e]{1,150}$/.test(issue)) return issue;
  throw new AppError('invalid_input', `"${text}" is no issue`, {
    hint: 'Issues are like 42, local:42 or github:us/shop#42.',
  });
}
