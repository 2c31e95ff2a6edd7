import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Hello } from '@coffee-roadmap/shared/records/handshake';
import { pullRemote } from '@coffee-roadmap/shared/remotes/pull-remote';
import type { Context } from '../../context';
import { startProgress } from '../../terminal/progress';
import type { RemoteOutcome } from './remote-outcome';
import { sshSettings } from './ssh-settings';
import type { SyncOptions } from './sync';

interface PullAll {
  context: Context;
  options: SyncOptions;
  session: Session<'person'>;
  remotes: readonly string[];
  signal: AbortSignal;
}

/** Each remote for itself, so many at once as asked; in the order in which they were named. */
export async function pullAll(work: PullAll): Promise<RemoteOutcome[]> {
  const { context, options, remotes, signal } = work;
  const outcomes: RemoteOutcome[] = [];
  const show = createProgress(context, remotes.length);
  const ask = oneAtATime((hello: Hello) => {
    show.pause();
    const text = `New machine ${hello.machine_id.slice(0, 8)}. Label?`;
    return context.prompt(options).ask(text, { fallback: hello.label });
  });
  const ssh = sshSettings(context, { alone: options.parallel === 1 });
  let next = 0;
  const pullNext = async (): Promise<void> => {
    for (let at = next++; at < remotes.length && !signal.aborted; at = next++) {
      const remote = remotes[at]!;
      outcomes[at] = await pullRemote(remote, {
        ...ssh,
        session: work.session,
        paths: context.config().paths,
        signal,
        replace: options.replace === true,
        askLabel: ask,
        onHello: () => show.update(remote, 0),
        onProgress: (records) => show.update(remote, records),
      }).then(
        (result): RemoteOutcome => ({ remote, state: 'done', result }),
        (error: unknown): RemoteOutcome => ({ remote, state: 'failed', error: toAppError(error) }),
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: options.parallel }, pullNext));
  } finally {
    show.pause();
  }
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** Nothing is drawn before the first remote has answered: ssh may be asking for a passphrase. */
function createProgress(context: Context, of: number) {
  let progress: ReturnType<typeof startProgress> | undefined;
  const taken = new Map<string, number>();
  return {
    update(remote: string, records: number): void {
      taken.set(remote, records);
      const all = [...taken.values()].reduce((sum, n) => sum + n, 0);
      const label = of === 1 ? remote : `${taken.size} of ${of} machines`;
      progress ??= startProgress(context.streams.stderr, `fetching from ${label}`);
      // On a terminal alone: elsewhere each label is a line.
      if (context.streams.stderr.isTTY) progress.update(`fetching from ${label}: ${all} records`);
    },
    pause(): void {
      progress?.stop();
      progress = undefined;
    },
  };
}

function oneAtATime<A, R>(work: (of: A) => Promise<R>): (of: A) => Promise<R> {
  let before: Promise<unknown> = Promise.resolve();
  return (of) => {
    const turn = before.then(() => work(of));
    before = turn.catch(() => undefined);
    return turn;
  };
}
