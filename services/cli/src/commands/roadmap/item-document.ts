import type { Item, ListedItem } from '@coffee-roadmap/shared/roadmap/queries';

/** An item as --json shows it; `body` and `feedback` where they were read. */
export function itemDocument(item: Item | ListedItem, project: string): object {
  const listed = 'attempts' in item ? item : undefined;
  const whole = 'body' in item ? item : undefined;
  return {
    id: item.id,
    project,
    number: item.number,
    title: item.title,
    state: item.state,
    body: whole?.body,
    feedback: whole?.feedback,
    branch: item.branch,
    commit_hash: item.commit_hash,
    accepted_at: item.accepted_at,
    accepted_by: listed?.accepted_by_name,
    attempts: listed?.attempts,
    cost_usd: listed === undefined ? undefined : Number(listed.cost_usd),
    cost_as_reported: listed?.as_reported,
    open_questions: listed?.open_questions,
    version: item.version,
    created_at: item.created_at,
    updated_at: item.updated_at,
  };
}
