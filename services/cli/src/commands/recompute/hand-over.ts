import type { Session } from '@coffee-roadmap/shared/db/session';
import { messageOf } from '@coffee-roadmap/shared/errors';
import { pushSpool } from '@coffee-roadmap/shared/imports/push-spool';
import { findIdentity, isCopied } from '@coffee-roadmap/shared/machines/identity';
import { collectHooks } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import type { Context } from '../../context';
import { startProgress } from '../../terminal/progress';
import { VERSION } from '../../version';

/** Sends what this machine's spool holds, so that what was just logged is in what is shown. */
export async function handOver(context: Context, session: Session<'person'>): Promise<void> {
  const { paths } = context.config();
  const identity = findIdentity(paths);
  if (identity === undefined || isCopied(paths, identity)) return;
  const progress = startProgress(context.streams.stderr, 'sending');
  try {
    collectHooks(paths, identity);
    await pushSpool({ session }, { paths, identity, programVersion: VERSION });
  } catch (error) {
    context.streams.stderr.write(
      `warning: this machine's spool was not sent: ${messageOf(error)}\n`,
    );
  } finally {
    progress.stop();
  }
}
