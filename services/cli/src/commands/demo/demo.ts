import { AppError } from '@coffee-roadmap/shared/errors';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { listAttempts, listItems, type ListedItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Context } from '../../context';
import { follow } from '../../follow';
import { withProgress } from '../../terminal/progress';
import { asPerson } from './cli-person';
import { startDemoStack, type DemoStack } from './demo-stack';
import type { DemoOptions } from './register';

const TIMEOUT_MS = 180_000;

interface Commit {
  hash: string;
  branch: string;
  subject: string;
}

interface Story {
  items: ListedItem[];
  questions: Notification[];
  commits: Commit[];
}

/** Throws unless all of it happened: three priorities done, one question answered by a person. */
export async function runDemo(context: Context, options: DemoOptions): Promise<void> {
  const out = context.output(options);
  const startedAt = Date.now();
  const say = out.say;
  let stack: DemoStack | undefined;
  let done = false;
  try {
    stack = await withProgress(context.streams.stderr, 'bringing up a database', (progress) =>
      startDemoStack(context.config().env, (line) => progress.update(line)),
    );
    say(`A database of its own, and a repository in ${stack.sample.repository}.`);
    stack.startDaemon();
    const story = await play(context, stack, say);
    const duration = Date.now() - startedAt;
    out.result(documentOf(story, stack, duration), () => summary(story, duration));
    done = true;
  } finally {
    const keep = options.keep === true && done;
    await stack?.close(keep);
    if (keep) say(`Look at it: git -C ${stack!.sample.repository} log --graph --oneline`);
  }
}

/** Plays the person: answers each question and accepts what is up for review, through the CLI. */
async function play(
  context: Context,
  stack: DemoStack,
  say: (line: string) => void,
): Promise<Story> {
  const { session, sample } = stack;
  const env = { path: context.config().env.path, home: stack.home };
  const seen = new Map<number, string>();
  const act = (args: string[]): Promise<string> => {
    say(`  $ coffee-roadmap ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
    return asPerson(stack.personUrl, env, args);
  };

  const end = await follow(session, {
    channels: ['coffee_roadmap', 'coffee_notifications'],
    say,
    pollMs: 1_000,
    timeoutMs: TIMEOUT_MS,
    refresh: async () => {
      const items = await listItems(session, { projectId: sample.projectId });
      for (const item of items) {
        if (seen.get(item.id) === item.state) continue;
        seen.set(item.id, item.state);
        say(`${item.number}. ${item.title}: ${item.state.replace('_', ' ')}`);
      }
      for (const question of await listNotifications(session, { open: true })) {
        say(`The daemon asks: ${question.title}`);
        await act(['respond', String(question.id), '1']);
      }
      for (const item of items) {
        if (item.state !== 'in_review' || item.accepted_at !== null) continue;
        await act(['roadmap', 'accept', item.number, '--no-wait']);
      }
      const blocked = items.find((item) => item.state === 'blocked');
      if (blocked !== undefined)
        throw new AppError('failed', `priority ${blocked.number} is blocked`);
      return items.every((item) => item.state === 'done') ? items : undefined;
    },
  });
  if (end.kind === 'value') return tell(stack, end.value);
  if (end.kind === 'interrupted') throw new AppError('failed', 'the demo was interrupted');
  throw new AppError('failed', `the demo did not end within ${TIMEOUT_MS / 1000} s`, {
    hint: 'coffee-roadmap doctor looks for the cause.',
  });
}

async function tell({ session }: DemoStack, items: ListedItem[]): Promise<Story> {
  const commits: Commit[] = [];
  for (const item of items) {
    for (const attempt of await listAttempts(session, item.id)) {
      const stat = attempt.diff_stat as { commits?: Omit<Commit, 'branch'>[] } | null;
      const branch = attempt.branch ?? '';
      commits.push(
        ...(stat?.commits ?? []).map(({ hash, subject }) => ({ hash, branch, subject })),
      );
    }
  }
  const questions = await listNotifications(session, { kinds: ['question'] });
  if (questions.length === 0 || questions.some((question) => question.answered_by === null)) {
    throw new AppError('failed', 'no question was asked and answered');
  }
  if (commits.length < items.length) throw new AppError('failed', 'a priority left no commit');
  return { items, questions, commits };
}

function documentOf(story: Story, stack: DemoStack, duration: number): object {
  return {
    items: story.items.map(({ number, title, state }) => ({ number, title, state })),
    questions: story.questions.map(({ title, answer, answered_by_name }) => ({
      question: title,
      answer,
      answered_by: answered_by_name,
    })),
    commits: story.commits,
    repository: stack.sample.repository,
    duration_ms: duration,
  };
}

function summary({ items, questions, commits }: Story, duration: number): string {
  return (
    `${items.length} priorities done, ${questions.length} question answered, ` +
    `${commits.length} commits merged, in ${(duration / 1000).toFixed(1)} s.`
  );
}
