import type { Session } from '@coffee-roadmap/shared/db/session';
import { answerNotification, getNotification } from '@coffee-roadmap/shared/notifications/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { notificationDocument } from './notification-document';
import { parseNotificationId } from './parse-id';
import { renderQuestion } from './render-question';

export function registerRespond(program: Command, context: Context): void {
  addVerb(program, 'respond <id> [answer...]', 'answer a question: a choice, its number, or text', {
    examples: ['respond 12 yes', 'respond 12 2', 'respond 13 "Use the small logo"'],
  }).action((id: string, words: string[], options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const number = parseNotificationId(id);
      const answer =
        words.length > 0
          ? words.join(' ')
          : await askPerson(session, context, out, options, number);
      await answerNotification(session, { id: number, answer, via: 'cli' });
      const note = await getNotification(session, number);
      out.result(
        notificationDocument(note),
        () => `Answered ${note.id}: ${stripEscapes(note.answer ?? '')}`,
      );
    }),
  );
}

async function askPerson(
  session: Session<'person'>,
  context: Context,
  out: Output,
  options: CommonOptions,
  id: number,
): Promise<string> {
  const note = await getNotification(session, id);
  // What was answered already is refused by the database, which says who was first.
  if (note.state !== 'pending') return note.answer ?? '-';
  const paper = { colours: context.errorColours() };
  out.say(renderQuestion(paper, note, new Date(), { hint: false }));
  return context.prompt(options).ask('Your answer:');
}
