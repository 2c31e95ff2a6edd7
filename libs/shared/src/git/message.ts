import { AppError } from '../errors';

/** Who a commit is by. */
export interface Identity {
  name: string;
  email: string;
}

/** `Key: value` at the end of a commit message. */
export type Trailer = [key: string, value: string];

/** The variables that make a commit be by `identity`; `at`: seconds since 1970, default now. */
export function identityEnvironment(identity: Identity, at?: number): Record<string, string> {
  const name = plain(identity.name) || 'Coffee Roadmap';
  const email = plain(identity.email) || 'daemon@coffee-roadmap.invalid';
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    ...(at === undefined
      ? {}
      : { GIT_AUTHOR_DATE: `@${at} +0000`, GIT_COMMITTER_DATE: `@${at} +0000` }),
  };
}

/** A commit message with its trailers; values are put on one line each, so none can forge another. */
export function commitMessage(message: string, trailers: Trailer[] = []): string {
  const text = message
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
  if (text === '') throw new AppError('invalid_input', 'a commit needs a message');
  const lines = trailers.map(([key, value]) => {
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key)) {
      throw new AppError('invalid_input', `${JSON.stringify(key)} is not a trailer's name`);
    }
    return `${key}: ${value.replace(/\p{Cc}+/gu, ' ').trim()}`;
  });
  return lines.length === 0 ? `${text}\n` : `${text}\n\n${lines.join('\n')}\n`;
}

/** git refuses or drops these in a name. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}<>]/gu, '').trim();
}
