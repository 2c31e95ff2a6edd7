import type { Paths } from '../config/paths';
import type { Session } from '../db/session';
import { withdrawNotification } from '../notifications/queries';
import { notify, type NewNotification } from '../questions/queries';
import { askAndWait, type GivenAnswer } from '../questions/wait-for-answer';
import type { Hints } from '../tasks/hints';
import { openQuestion } from './open-questions';

export interface Desk {
  session: Session<'agent'>;
  hints: Hints;
  paths: Paths;
  /** True once the agent's program has gone: what it asked stays open for when it comes back. */
  leaving(): boolean;
}

export interface PersonsAnswer extends GivenAnswer {
  id: number;
  /** To be called once the answer has reached the agent: until then it would be given again. */
  handedOver(): void;
}

/**
 * Asks and waits. A question whose asking was cut off is taken up again and not asked twice; one
 * that the agent cancels is withdrawn. Throws the signal's reason then, and `conflict` when it was
 * withdrawn elsewhere. `maxAgeMs`: how old a question that was cut off may be.
 */
export async function askPerson(
  desk: Desk,
  question: Omit<NewNotification, 'kind' | 'key'> & { content: unknown; maxAgeMs: number },
  signal: AbortSignal,
): Promise<PersonsAnswer> {
  const { content, maxAgeMs, ...asked } = question;
  const whose = { agent: desk.session.me.id, project: asked.projectId, content };
  const { key, forget } = openQuestion(desk.paths, whose, maxAgeMs);
  const note = await notify(desk.session, { ...asked, kind: 'question', key });
  try {
    const given = await askAndWait(desk.session, desk.hints, { ...asked, key }, signal);
    return { ...given, id: note.id, handedOver: forget };
  } catch (error) {
    if (desk.leaving()) throw error;
    forget();
    // Answered in this very moment: then there is nothing to take back.
    if (signal.aborted) await withdrawNotification(desk.session, note.id).catch(() => undefined);
    throw error;
  }
}
