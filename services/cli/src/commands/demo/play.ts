import { AppError } from '@coffee-roadmap/shared/errors';
import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { listItems, type ListedItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Context } from '../../context';
import { follow } from '../../follow';
import type { Interrupts } from '../../interrupts';
import { stripEscapes } from '../../terminal/strip-escapes';
import { paintState, stateWords } from '../../words';
import { choicesOf } from '../notifications/notification-document';
import { asPerson } from './cli-person';
import type { DemoStack } from './demo-stack';

export const NOTHING_LEFT = 'Nothing of the demo is left.';
const TIMEOUT_MS = 180_000;
/** The first may be bad luck. */
const MOST_ENDS = 3;

/**
 * Plays the person: answers each question and accepts what is up for review, through the CLI, and
 * says what happens. The items when all are done; throws when something else became of them.
 */
export async function play(
  context: Context,
  stack: DemoStack,
  say: (line: string) => void,
  interrupts: Interrupts,
): Promise<ListedItem[]> {
  const { session, sample } = stack;
  const env = { path: context.config().env.path, home: stack.home };
  const { bold, dim, yellow, ...colours } = context.errorColours();
  const paint = paintState({ yellow, ...colours, bold, dim });
  const seen = new Map<number, string>();
  let ends = 0;
  let complaint = '';

  const act = (args: string[]): Promise<string> => {
    say(bold(`    $ coffee-roadmap ${args.join(' ')}`));
    return asPerson(stack.personUrl, env, args);
  };
  const show = (item: ListedItem): void => {
    const state = stateWords(item);
    if (seen.get(item.id) === state) return;
    seen.set(item.id, state);
    say(`  ${paint(state.padEnd(14))}${item.number}. ${stripEscapes(item.title)}`);
  };

  stack.startDaemon((end) => {
    ends += 1;
    complaint = stripEscapes(end.complaint[0] ?? `exit code ${end.code ?? end.signal}`);
  });
  const end = await follow(session, {
    channels: ['coffee_roadmap', 'coffee_notifications'],
    say,
    pollMs: 1_000,
    timeoutMs: TIMEOUT_MS,
    signal: interrupts.signal,
    refresh: async () => {
      if (ends >= MOST_ENDS) throw failed(`the daemon does not run: ${complaint}`);
      const items = await listItems(session, { projectId: sample.projectId });
      items.forEach(show);
      for (const question of await listNotifications(session, { open: true })) {
        const options = choicesOf(question).map(({ label }) => label);
        say(yellow(`  ? the daemon    ${stripEscapes(question.title)}`));
        say(dim(`                  ${stripEscapes(options.join(' / '))}`));
        await act(['respond', String(question.id), '1']);
      }
      for (const item of items) {
        if (item.state !== 'in_review' || item.accepted_at !== null) continue;
        await act(['roadmap', 'accept', item.number, '--no-wait']);
      }
      const blocked = items.find((item) => item.state === 'blocked');
      if (blocked !== undefined) {
        throw failed(`priority ${blocked.number} is blocked`);
      }
      return items.every((item) => item.state === 'done') ? items : undefined;
    },
  });
  if (end.kind === 'value') return end.value;
  interrupts.check(NOTHING_LEFT);
  throw failed(`the demo did not end within ${TIMEOUT_MS / 1000} s`);
}

function failed(message: string): AppError {
  return new AppError('failed', message, { hint: 'The log above says more.' });
}
