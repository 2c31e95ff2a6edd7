/** A table of which a person's export holds the rows that are about that person. */
export interface PersonTable {
  table: string;
  /** Columns that hold a person's id; a row belongs to the export where one of them is the person. */
  columns: string[];
  /** What is in it, for whoever reads the export. */
  says: string;
}

const own = (table: string, says: string): PersonTable => ({
  table,
  columns: ['person_id'],
  says,
});

export const EXPORTED: readonly PersonTable[] = [
  { table: 'coffee.people', columns: ['id'], says: 'who you are here' },
  { table: 'coffee.memberships', columns: ['member_id'], says: 'the teams that you are in' },
  own('coffee.machines', 'machines that report for you'),
  own('coffee.machine_tokens', 'their tokens, without the secrets'),
  own('coffee.machine_cursors', 'how far their records were imported'),
  own('coffee.import_problems', 'records that were not understood'),
  own('coffee.usage_records', 'calls of models, with tokens and cost'),
  own('coffee.usage_buckets', 'their sums by quarter of an hour'),
  own('coffee.usage_days', 'their sums by day'),
  own('coffee.phrase_records', 'messages in which phrases were counted, without their text'),
  own('coffee.phrase_archives', 'the same of old days, as sums'),
  own('coffee.day_counts', 'phrases by day'),
  own('coffee.day_uploads', 'counts that came from older scripts'),
  own('coffee.message_texts', 'texts of your messages, from machines where you turned that on'),
  own('coffee.activity_events', 'signs of work: focus, commits, sessions, timers'),
  own('coffee.agent_sessions', 'sessions of your agents'),
  own('coffee.work_folders', 'folders in which work was seen'),
  own('coffee.time_days', 'days whose time was computed'),
  own('coffee.time_intervals', 'your working time'),
  own('coffee.streams', 'streams of work'),
  own('coffee.stream_tags', 'their tags'),
  own('coffee.stream_assignments', 'what you assigned to them by hand'),
  own('coffee.project_links', 'which folders, remotes and tags belong to which project'),
  own('coffee.move_batches', 'what you moved in from older systems'),
  own('coffee.published_summaries', 'what you published, each version'),
  own('coffee.published_lines', 'its lines'),
  own('coffee.publications', 'when what was published, and by which layer'),
  own('coffee.publisher_beats', 'when your publisher was at work'),
  own('coffee.rates', 'what an hour of yours costs'),
  own('coffee.bill_lines', 'lines of bills that are about your time'),
  own('coffee.slack_links', 'the Slack accounts that are yours'),
  own('coffee.slack_interactions', 'what you clicked and wrote in Slack'),
  own('coffee.dashboard_sessions', 'where you are signed in'),
  {
    table: 'coffee.notifications',
    columns: ['asked_by', 'answered_by'],
    says: 'questions and messages that you asked or answered',
  },
  {
    table: 'coffee.roadmap_items',
    columns: ['created_by', 'accepted_by'],
    says: 'priorities that you wrote or accepted',
  },
  { table: 'coffee.roadmap_history', columns: ['changed_by'], says: 'your changes of the roadmap' },
  { table: 'coffee.daemon_status', columns: ['paused_by'], says: 'daemons that you paused' },
  { table: 'coffee.granularities', columns: ['set_by'], says: 'what you set for a team' },
  { table: 'coffee.closed_months', columns: ['closed_by'], says: 'months that you closed' },
  { table: 'coffee.price_versions', columns: ['made_by'], says: 'price lists that you imported' },
  { table: 'coffee.project_keys', columns: ['created_by'], says: 'keys of projects that you made' },
  { table: 'audit.entries', columns: ['actor_id'], says: 'the audit trail of what you did' },
  { table: 'audit.payloads', columns: ['actor_id'], says: 'what those entries say' },
];

/** Columns that hold a person's id and are left out, with the reason. */
export const EXCLUDED: Readonly<Record<string, string>> = {
  'coffee.published_months.person_id': 'sums of coffee.published_lines, which are in it',
  'coffee.move_changes.person_id': 'how to undo a move; the rows themselves are in it',
  'coffee.rates.set_by': 'a manager’s act about others; the audit trail of the manager has it',
  'coffee.bills.made_by': 'a client’s bill; the audit trail of whoever made it has it',
  'audit.erasures.person_id': 'people who are erased have no login to export with',
  'audit.erased_payloads.person_id': 'people who are erased have no login to export with',
  'priv.principals.id': 'the same as coffee.people, with the name of the login',
  'priv.principals.owner_id': 'logins of agents; what they did is in the roadmap and the traces',
  'priv.acting.person_id': 'lives for one transaction',
  'priv.slack_codes.person_id': 'a hash that is good for minutes',
  'priv.dashboard_links.person_id': 'a hash that is good for minutes',
};
