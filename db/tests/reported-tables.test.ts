import { describeTables, type TableRules } from './table-rules';
import type { Who, World } from './world';

const bens = (column = 'person_id') => ({
  'ben’s': (world: World) => `${column} = '${world.ids.red.person}'`,
  'carla’s': (world: World) => `${column} = '${world.ids.blue.person}'`,
});
const own: Partial<Record<Who, string[]>> = {
  anna: [],
  mona: [],
  ben: ['ben’s'],
  carla: ['carla’s'],
  dashboard: [],
  nobody: [],
};
/** Daemons have machines and calls of their own, and see nobody else's. */
const alsoDaemons = { ...own, daemon: [], blueDaemon: [] };

const PRIVATE: [table: string, column: string, reads: TableRules['reads']][] = [
  ['coffee.machines', 'label', alsoDaemons],
  ['coffee.machine_cursors', 'cursor', alsoDaemons],
  ['coffee.import_problems', 'reason', alsoDaemons],
  ['coffee.usage_records', 'input_tokens', alsoDaemons],
  ['coffee.usage_buckets', 'calls', alsoDaemons],
  ['coffee.usage_days', 'calls', alsoDaemons],
  ['coffee.machine_tokens', 'revoked_at', own],
  ['coffee.phrase_records', 'patterns', own],
  ['coffee.phrase_archives', 'patterns', own],
  ['coffee.day_counts', 'messages', own],
  ['coffee.day_uploads', 'total_messages', own],
  ['coffee.activity_events', 'folder', own],
  ['coffee.message_texts', 'text', own],
  ['coffee.agent_sessions', 'place', own],
  ['coffee.work_folders', 'git_project', own],
  ['coffee.streams', 'name', own],
  ['coffee.stream_tags', 'tag', own],
  ['coffee.stream_assignments', 'stream_id', own],
  ['coffee.time_days', 'depends_on', own],
  ['coffee.time_intervals', 'issue', own],
];

const ofPeople = PRIVATE.map(([table, column, reads]): TableRules => ({
  table,
  rows: bens(),
  reads,
  insert: ({ ids }) => `insert into ${table} (person_id) values ('${ids.red.person}')`,
  column,
}));

const all = ['all of them'];
const people = { anna: all, mona: all, ben: all, carla: all, dashboard: [], nobody: [] };
describeTables([
  ...ofPeople,
  {
    table: 'coffee.reporting_zones',
    rows: { 'all of them': () => 'true' },
    reads: { ...people, daemon: all, blueDaemon: all },
    insert: () => `insert into coffee.reporting_zones (zone) values ('Mars/Base')`,
    column: 'zone',
  },
  {
    table: 'coffee.phrase_patterns',
    rows: { 'all of them': () => 'true' },
    reads: people,
    insert: () => `insert into coffee.phrase_patterns (pattern, display_name) values ('x', 'x')`,
    column: 'display_name',
  },
  {
    table: 'coffee.phrase_notes',
    rows: { 'all of them': () => 'true' },
    reads: people,
    insert: () => `insert into coffee.phrase_notes (day, note) values ('2026-01-01', 'x')`,
    column: 'note',
  },
]);
