import type { Session } from '../db/session';
import { holdsPause, openBlockOf, type Block } from './blocks';
import { listCallsSince } from './queries';

const DAY_MS = 86_400_000;
/** Whoever made no pause in so long has blocks that begin at this. */
const MOST_DAYS = 64;

/** The caller's block that is open; read back to a pause, for where a block begins depends on those before it. */
export async function findOpenBlock(
  session: Session<'person'>,
  now: Date,
): Promise<Block | undefined> {
  for (let days = 1; ; days *= 2) {
    const since = new Date(now.getTime() - days * DAY_MS);
    const calls = await listCallsSince(session, since);
    if (calls.length === 0 || days >= MOST_DAYS || holdsPause(calls, since))
      return openBlockOf(calls, now);
  }
}
