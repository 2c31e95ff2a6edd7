/** What the database's constraints ask for, in words. Its own message has only their names. */
const LIMITS: Record<string, string> = {
  roadmap_items_title_check: 'a title is one line of 1 to 500 characters',
  roadmap_items_body_check: 'the text of a priority has at most 200,000 characters',
  roadmap_items_number_check: 'numbers look like 1, 2.5 or US-062',
  roadmap_items_feedback_check: 'a comment has at most 20,000 characters',
  roadmap_history_reason_check: 'a reason has at most 20,000 characters',
  notifications_title_check: 'the title of a question is one line of 1 to 300 characters',
  notifications_message_check: 'a message has at most 20,000 characters',
  notifications_answer_check: 'an answer has at most 20,000 characters',
  notifications_default_answer_check: 'an answer has at most 20,000 characters',
  projects_name_check:
    'a project’s name has 1 to 64 letters, digits and . _ - and begins with a letter or digit',
  projects_repository_check: 'a repository’s address is one line of 1 to 1,000 characters',
  projects_default_branch_check: 'a branch has 1 to 200 characters',
  projects_agent_check: 'an agent’s name has small letters, digits and _ - (32 at most)',
  projects_agent_model_check: 'a model’s name has 1 to 100 characters',
  projects_agent_command_check: 'a command has 1 to 50 words',
  projects_budget_item_usd_check: 'a budget is not negative',
  projects_budget_day_usd_check: 'a budget is not negative',
  projects_attempt_minutes_check: 'an attempt may take 1 to 1440 minutes',
  projects_max_attempts_check: '1 to 20 attempts are possible',
  projects_backoff_s_check: 'the pause is 0 to 86400 seconds',
  projects_team_name: 'the team has a project of that name already',
};

/** Words for a failure of the database; undefined when it is not a limit that people meet. */
export function limitWords(cause: unknown): string | undefined {
  const { constraint } = (cause ?? {}) as { constraint?: unknown };
  return typeof constraint === 'string' ? LIMITS[constraint] : undefined;
}
