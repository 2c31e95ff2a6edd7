import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withMirrorLock } from './mirror-lock';
import { attemptRefs, findCommit, writeRefs } from './refs';
import { runGit } from './run-git';

/** Forgets an attempt that is over; what was pushed of it stays on the remote. */
export async function forgetAttempt({
  mirror,
  attempt,
}: {
  mirror: string;
  attempt: string;
}): Promise<void> {
  await withMirrorLock(mirror, async () => {
    const refs: [string, null][] = [];
    for (const ref of Object.values(attemptRefs(attempt))) {
      if (await findCommit(mirror, ref)) refs.push([ref, null]);
    }
    await writeRefs(mirror, refs);
  });
}

/** Who works with the mirror meanwhile waits; their patience is twice as long. */
const LONGEST_MS = 300_000;
/** Whoever works with it now comes first. */
const PATIENCE_MS = 1_000;

/**
 * Packs the mirror and drops what nothing has named for two weeks; automatic gc is off. Not before
 * `everyMs` have passed since the last time, whichever process that was; then returns false. Throws
 * `conflict` while somebody works with the mirror, and the signal's reason when it aborts: what git
 * has not finished then it does the next time.
 */
export async function tidyMirror({
  mirror,
  everyMs = 0,
  signal,
}: {
  mirror: string;
  everyMs?: number;
  signal?: AbortSignal;
}): Promise<boolean> {
  if (tidiedAgoMs(mirror) < everyMs) return false;
  return withMirrorLock(
    mirror,
    async () => {
      if (tidiedAgoMs(mirror) < everyMs) return false; // by somebody else just now
      // Before it is done: one that cannot be tidied in time is not tried again all day.
      writeFileSync(path.join(mirror, TIDIED), '', { mode: 0o600 });
      await runGit(['gc', '--quiet', '--prune=2.weeks.ago'], {
        gitDir: mirror,
        timeoutMs: LONGEST_MS,
        signal,
      });
      return true;
    },
    PATIENCE_MS,
  );
}

/** Its date is when the mirror was tidied last. */
const TIDIED = 'coffee-tidied';

function tidiedAgoMs(mirror: string): number {
  const at = ['config', TIDIED].map(
    (name) => statSync(path.join(mirror, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Date.now() - Math.max(...at);
}
