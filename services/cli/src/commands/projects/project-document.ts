import type { ListedProject, Project } from '@coffee-roadmap/shared/projects/queries';
import { ROADMAP_STATES } from '@coffee-roadmap/shared/roadmap/document/roadmap-document';

const usd = (amount: string | null): number | null => (amount === null ? null : Number(amount));

/** A project as --json shows it; counts and team where they were read. */
export function projectDocument(project: ListedProject | Project): object {
  const listed = 'team' in project ? project : undefined;
  return {
    id: project.id,
    name: project.name,
    team: listed?.team,
    repository: project.repository,
    default_branch: project.default_branch,
    merge: project.merge,
    agent: project.agent,
    agent_model: project.agent_model,
    agent_command: project.agent_command,
    budget_item_usd: usd(project.budget_item_usd),
    budget_day_usd: usd(project.budget_day_usd),
    attempt_minutes: project.attempt_minutes,
    max_attempts: project.max_attempts,
    backoff_s: project.backoff_s,
    sample: project.sample,
    items:
      listed &&
      Object.fromEntries(ROADMAP_STATES.map((state) => [state, listed.items[state] ?? 0])),
    open_questions: listed?.open_questions,
    spent_today_usd: listed && Number(listed.spent_today_usd),
    created_at: project.created_at,
    archived_at: project.archived_at,
  };
}
