import { AppError } from '../../errors';
import type { ToldTime } from './told-time';

/**
 * FlowForge's name of whoever moves: the one that was said, else the only one there is, else the account's
 * of this machine. Null: the files name nobody. Throws `invalid_input` where that says nothing.
 */
export function whoseTimes(
  times: readonly ToldTime[],
  said: string | undefined,
  account: string | undefined,
): string | null {
  const names = [...new Set(times.flatMap(({ person }) => (person === null ? [] : [person])))];
  if (said !== undefined) {
    if (names.includes(said)) return said;
    throw new AppError('invalid_input', `nobody is called "${said}" in these files`, {
      hint:
        names.length === 0 ? 'They name nobody: leave --user out.' : `They name ${list(names)}.`,
    });
  }
  if (names.length <= 1) return names[0] ?? null;
  if (account !== undefined && names.includes(account)) return account;
  throw new AppError('invalid_input', `these are times of ${list(names)}`, {
    hint: 'Say who you are: --user NAME. The others move their own.',
  });
}

function list(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 8);
  return `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
