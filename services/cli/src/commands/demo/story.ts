import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { listNotifications, type Notification } from '@coffee-roadmap/shared/notifications/queries';
import { listAttempts, type ListedItem } from '@coffee-roadmap/shared/roadmap/queries';
import { count } from '../../words';

interface Commit {
  hash: string;
  branch: string;
  subject: string;
}

/** All that happened in a demo. */
export interface Story {
  items: ListedItem[];
  questions: Notification[];
  commits: Commit[];
}

const WHY = 'The log above says more.';

/** Throws unless a question was asked and answered and every priority left a commit. */
export async function readStory(session: Session<'person'>, items: ListedItem[]): Promise<Story> {
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
    throw new AppError('failed', 'no question was asked and answered', { hint: WHY });
  }
  if (commits.length < items.length)
    throw new AppError('failed', 'a priority left no commit', { hint: WHY });
  return { items, questions, commits };
}

export function storyDocument(story: Story, repository: string, durationMs: number): object {
  return {
    items: story.items.map(({ number, title, state }) => ({ number, title, state })),
    questions: story.questions.map(({ title, answer, answered_by_name }) => ({
      question: title,
      answer,
      answered_by: answered_by_name,
    })),
    commits: story.commits,
    repository,
    duration_ms: durationMs,
  };
}

export function storySummary({ items, questions, commits }: Story, durationMs: number): string {
  return (
    `${count(items.length, 'priority', 'priorities')} done, ` +
    `${count(questions.length, 'question')} answered, ` +
    `${count(commits.length, 'commit')} merged, in ${(durationMs / 1000).toFixed(1)} s.`
  );
}
