import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { getNotification, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { expireNotifications, notify } from '@coffee-roadmap/shared/questions/queries';
import { Option, type Command } from 'commander';
import { addVerb, collect, parseSeconds, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { follow } from '../../follow';
import type { Output } from '../../output';
import { parseItemNumber } from '../../select-item';
import { selectProject } from '../../select-project';
import { getItem } from '@coffee-roadmap/shared/roadmap/queries';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { notificationDocument } from './notification-document';

const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;

interface AskOptions extends ProjectOptions {
  message?: string;
  option?: string[];
  multiple?: boolean;
  freeText?: boolean;
  priority: (typeof PRIORITIES)[number];
  item?: string;
  timeout?: number;
  default?: string;
  wait?: boolean;
}

export function registerAsk(notifications: Command, context: Context): void {
  addVerb(notifications, 'ask <title>', 'ask the team something', {
    examples: [
      'notifications ask "Which logo?" -o small -o large --wait',
      'notifications ask Now? -o yes -o no --timeout 2h --default no',
    ],
  })
    .addOption(projectOption())
    .option('-m, --message <text>', 'more about it')
    .option('-o, --option <label>', 'a possible answer; may be given several times', collect)
    .option('--multiple', 'several options may be chosen')
    .option('--free-text', 'besides the options any text may be answered')
    .addOption(
      new Option('--priority <priority>', 'how urgent it is').choices(PRIORITIES).default('normal'),
    )
    .option('--item <item>', 'the priority that it is about')
    .option('--timeout <time>', 'how long to wait for an answer, like 2h', parseSeconds)
    .option('--default <answer>', 'what is taken when the time has passed')
    .option('-w, --wait', 'wait for the answer; Ctrl-C leaves the question open')
    .action((title: string, options: AskOptions) =>
      withSession(context, options, async (session, out) => {
        const asked = await ask(session, context, title, options);
        let note = await getNotification(session, asked);
        if (options.wait === true) note = await waitForAnswer(session, context, note, out);
        out.result(notificationDocument(note), () => words(note, options.wait === true));
      }),
    );
}

async function ask(
  session: Session<'person'>,
  context: Context,
  title: string,
  options: AskOptions,
): Promise<number> {
  if (options.default !== undefined && options.timeout === undefined) {
    throw new AppError('invalid_input', '--default is taken when the time has passed', {
      hint: 'Say with --timeout how long to wait, or leave --default out.',
    });
  }
  const project = await selectProject(session, context, options.project);
  const item =
    options.item === undefined
      ? undefined
      : await getItem(session, project.id, parseItemNumber(options.item));
  const { id } = await notify(session, {
    projectId: project.id,
    kind: 'question',
    title,
    message: options.message,
    priority: options.priority,
    options: options.option?.map((label) => ({ label })),
    multiple: options.multiple,
    freeText: options.freeText,
    itemId: item?.id,
    timeoutS: options.timeout,
    defaultAnswer: options.default,
  });
  return id;
}

async function waitForAnswer(
  session: Session<'person'>,
  context: Context,
  note: Notification,
  out: Output,
): Promise<Notification> {
  const label = `question ${note.id} waits for an answer`;
  const followed = await withProgress(context.streams.stderr, label, () =>
    follow(session, {
      channels: ['coffee_notifications'],
      pollMs: 1_000,
      say: out.say,
      refresh: async () => {
        await expireNotifications(session);
        const now = await getNotification(session, note.id);
        return now.state === 'pending' ? undefined : now;
      },
    }),
  );
  if (followed.kind !== 'value') return note;
  if (followed.value.state !== 'withdrawn') return followed.value;
  throw new AppError('conflict', `question ${note.id} was withdrawn`, {
    hint: `coffee-roadmap notifications show ${note.id}`,
  });
}

function words(note: Notification, waited: boolean): string {
  if (!waited || note.state === 'pending') {
    return `Asked ${note.id}. ${stripEscapes(note.title)}\ncoffee-roadmap respond ${note.id} ANSWER`;
  }
  return stripEscapes(note.answer ?? '', { multiline: true });
}
