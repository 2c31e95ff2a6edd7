import { AppError, isAppError } from '../errors';
import { findTrouble, type GitTrouble } from '../git/failure';

/** In the words of whoever shares records: no daemon and no project is involved. */
const HINTS: Partial<Record<GitTrouble, string>> = {
  access:
    'Over https: coffee-roadmap gist set-token, with --host HOST where it is not GitHub. Over ssh: a key in the agent that may push there.',
  host_key: 'Connect once with ssh to that host and accept its key, then do it again.',
  not_found: 'coffee-roadmap gist info says which remote it is; gist setup chooses another.',
};
/** Git's own words where ssh gave none. */
const SILENT = /could not read from remote repository/i;
const UNKNOWN = 'Does plain ssh reach that host, and may your key read the repository there?';
const AWAY = 'Is this machine online? Nothing is lost: do it again later.';

/** Runs git for a remote of records; what goes wrong there is told with what to do about it. */
export async function withRemoteHints<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAppError(error) || !['git_failed', 'not_reachable'].includes(error.code)) throw error;
    const trouble = findTrouble(error.message);
    const own = trouble ? HINTS[trouble] : SILENT.test(error.message) ? UNKNOWN : undefined;
    const hint = own ?? (error.code === 'not_reachable' ? AWAY : error.hint);
    throw new AppError(error.code, error.message, { hint, cause: error });
  }
}
