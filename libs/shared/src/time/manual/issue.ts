import { AppError } from '../../errors';

/**
 * `42` and `#42` are `local:42`; `github:us/shop#42` is as it is, and `github:42` is of the repository whose
 * remote is given (`github.com/us/shop`). Throws `invalid_input`.
 */
export function parseIssue(text: string, remote: string | null = null): string {
  const issue = /^#?\d{1,10}$/.test(text) ? `local:${text.replace('#', '')}` : text;
  const short = /^github:#?(\d{1,10})$/.exec(issue);
  if (short !== null) {
    const repository = /^github\.com\/([^/]+\/[^/]+)$/.exec(remote ?? '')?.[1];
    if (repository !== undefined) return `github:${repository}#${short[1]}`;
    throw new AppError('invalid_input', `"${text}" does not say of which repository`, {
      hint: `Name it, as in github:us/shop#${short[1]}; this folder has no remote at GitHub.`,
    });
  }
  if (/^[a-z][a-z0-9-]{0,31}:[\x21-\x7e]{1,150}$/.test(issue)) return issue;
  throw new AppError('invalid_input', `"${text}" is no issue`, {
    hint: 'Issues are like 42, local:42 or github:us/shop#42.',
  });
}
