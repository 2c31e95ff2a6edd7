import { renderManifest } from '@coffee-roadmap/shared/backups/manifest';
import { DESCRIPTION } from '@coffee-roadmap/shared/gist/find-gist';
import { makeFlowForge } from '@coffee-roadmap/shared/move-ins/testing/make-flowforge';
import { AT, MACHINE } from '@coffee-roadmap/shared/records/testing/usage-record';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { asFile } from './reader';

// What older systems, GitHub and we ourselves leave in files and answers, one or more of each kind.

export const NOW = Date.parse('2026-02-03T12:00:00Z');

const project = path.dirname(asFile('', 'flowforge/left.txt'));
makeFlowForge(project, NOW);
const of = (name: string): string => readFileSync(path.join(project, name), 'utf8');
export const TASK_TIMES = [of('.task-times.json')];
export const TIME_TRACKING = [of('.flowforge/billing/time-tracking.json')];
export const SESSIONS = [of('SESSIONS.md')];
export const USER_FILES = [
  of('.flowforge/developers/ada/time-tracking/2025-10.json'),
  of('.flowforge/developers/ada/sessions/history/s1.json'),
  of('.flowforge/team/summaries/current.json'),
];

const pane = { pane_id: '%4', session_name: 'main', window_index: 2 };
const event = (type: string, more: object): object => ({
  ...{
    id: `${MACHINE}:remote.tmux:${type}:${AT}:%4`,
    type,
    timestamp: AT,
    cwd: '/home/ada',
    ...more,
  },
});
const ttEvents = [
  event('tmux_pane_focus', { data: pane }),
  event('user_message', { session_id: 's' }),
  event('agent_tool_use', { session_id: 's', tool: 'Bash' }),
  event('afk_change', { status: 'idle', idle_duration_ms: 300_000 }),
  event('window_focus', { app: 'Terminal' }),
  {
    type: 'session_metadata',
    session_id: 's',
    start_time: AT,
    end_time: AT,
    project_path: '/home',
  },
];
export const TT_EVENTS = [
  ttEvents.map((one) => JSON.stringify(one)).join('\n'),
  ...ttEvents.map((one) => JSON.stringify(one)),
];
export const TT_MACHINES = [JSON.stringify({ machine_id: MACHINE, label: 'devbox' })];

export const DEVELOPER_STATUSES = [
  JSON.stringify({
    status: 'working',
    last_activity: AT,
    daemon_info: { started_at: AT, pid: 4711 },
    current_task: { priority: 2.5, name: 'Ship', progress: 40 },
    activity_log: [
      { timestamp: AT, type: 'file_created', description: 'a.py', details: { lines: 4 } },
      { timestamp: AT, type: 'error_encountered', description: 'no' },
    ],
  }),
];
export const NOTIFICATION = {
  ...{ type: 'question', priority: 'high', title: 'Which?', message: 'MIT or Apache?' },
};
export const CONTEXTS = [
  JSON.stringify({ priority: '2.5', options: ['MIT', 'Apache'], nested: { a: [1, null] } }),
];

const file = { file: 'x', bytes: 20, sha256: 'ab'.repeat(32) };
export const BACKUPS = [
  renderManifest({
    ...{ format: 1, made_at: AT, database: 'coffee_roadmap', cluster: '7', server: 180004 },
    migrations: [{ version: 1, name: 'people', hash: 'ab'.repeat(32) }],
    erasures: [{ person: MACHINE, at: AT }],
    extensions: ['plpgsql'],
    tables: [{ ...file, table: 'coffee.people', columns: ['id', 'name'], rows: 2, digest: '12' }],
    sequences: [{ sequence: 'coffee.ids', column: null, last_value: '7', is_called: true }],
    logins: { ...file, logins: 2, passwords: true },
    others: { schemas: [], pg_dump: null, file: null },
  }),
];

const issue = { number: 42, title: 'Ship', state: 'open', html_url: 'https://github.com/us/shop' };
export const GITHUB_ISSUES = [
  JSON.stringify(issue),
  JSON.stringify([issue, { ...issue, number: 43, pull_request: { url: 'x' } }]),
];
export const GITHUB_GISTS = [
  JSON.stringify([
    { id: 'abc', description: DESCRIPTION, public: false, created_at: AT },
    { id: 'abd', description: DESCRIPTION, public: false, created_at: '2025-02-03T04:05:06Z' },
    { id: 'abe', description: null, public: true, created_at: AT },
  ]),
  JSON.stringify([{ version: 'ab'.repeat(20), committed_at: AT }]),
];
export const GITHUB_GIST = [
  JSON.stringify({
    id: 'abc',
    truncated: false,
    files: {
      'manifest.json': { filename: 'manifest.json', size: 2, truncated: false, content: '{}' },
      'records.ndjson.gz': { size: 9, raw_url: 'https://gist.example/raw', truncated: true },
    },
    history: [{ version: 'ab'.repeat(20), committed_at: AT }],
  }),
];
