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

/** Packs the mirror and drops what nothing has named for two weeks. Automatic gc is off. */
export async function tidyMirror({ mirror }: { mirror: string }): Promise<void> {
  await withMirrorLock(mirror, () =>
    runGit(['gc', '--quiet', '--prune=2.weeks.ago'], { gitDir: mirror, timeoutMs: 3_600_000 }),
  );
}
