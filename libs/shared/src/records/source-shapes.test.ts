import { makeRecordId, parseRecordId } from './record-id';
import type { SourceRecord } from './source-records';
import { EVENT_TYPES } from '../time/events/event-types';
import { readEvent } from '../time/events/read-event';
import { SOURCE_SHAPES } from './source-shapes';

const MACHINE = '3f2c9a54-3f0e-4b61-9d5e-0a1b2c3d4e5f';
const at = '2026-03-02T09:00:00.250Z';
const base = { v: 1 as const, id: '', at, folder: '/w/shop', session_id: null };
const tmux = {
  ...base,
  source: 'remote.tmux' as const,
  pane_id: '%3',
  tmux_session: 'main work',
  window_index: 0,
  git_project: null,
};
const git = {
  ...base,
  source: 'remote.git' as const,
  git_project: 'host/us/shop',
  git_branch: 'main',
  actor: 'person' as const,
  commit: '0'.repeat(40),
};

const SAMPLES: SourceRecord[] = [
  { ...tmux, type: 'tmux_pane_focus' },
  { ...tmux, type: 'tmux_scroll' },
  { ...base, type: 'afk_change', source: 'local.afk', status: 'idle', idle_duration_ms: 300_000 },
  {
    ...base,
    type: 'window_focus',
    source: 'local.window',
    window_app_id: 'Google Chrome',
    window_title: null,
  },
  { ...base, type: 'browser_tab', source: 'local.browser', tab_id: '7', tab_host: null },
  { ...git, type: 'git_commit' },
  { ...git, type: 'git_checkout', previous_commit: null },
  {
    ...base,
    type: 'manual_timer',
    source: 'manual',
    action: 'start',
    issue: 'github:us/shop#42',
    note: null,
  },
  {
    ...base,
    type: 'manual_log',
    source: 'manual',
    started_at: at,
    duration_ms: 5_400_000,
    issue: 'local:42',
    note: 'called the client',
  },
];

function wrong(record: SourceRecord, changed: object = {}): string[] {
  const values: Record<string, unknown> = { ...record, ...changed };
  return Object.entries(SOURCE_SHAPES[record.type].fields)
    .filter(([field, { check }]) => check(values[field]) !== undefined)
    .map(([field]) => field);
}

const discriminatorOf = (record: SourceRecord): string =>
  (SOURCE_SHAPES[record.type].discriminator as (record: SourceRecord) => string | null)(record) ??
  '0';

it('has a sample of every type', () => {
  expect(SAMPLES.map(({ type }) => type).sort()).toEqual(Object.keys(SOURCE_SHAPES).sort());
});

it.each(SAMPLES.map((record) => [record.type, record] as const))(
  '%s has all of its fields and an id of the one scheme, and is read',
  (type, record) => {
    expect(wrong(record)).toEqual([]);
    const known = new Set([...Object.keys(SOURCE_SHAPES[type].fields), 'v', 'id', 'type']);
    expect(Object.keys(record).filter((field) => !known.has(field))).toEqual([]);
    const id = makeRecordId({
      machineId: MACHINE,
      source: record.source,
      type,
      at,
      discriminator: discriminatorOf(record),
    });
    expect(parseRecordId(id)).toMatchObject({ machineId: MACHINE, type, at });
    const event = readEvent(
      { ...record, id },
      { machine: MACHINE, stream: null, sessionType: null },
    );
    expect(event?.effect).toBe(EVENT_TYPES[type]);
  },
);

it.each([
  ['tmux_pane_focus', { pane_id: '% 3' }, ['pane_id']],
  ['tmux_scroll', { tmux_session: 'a\x1b[2J', source: 'local.window' }, ['source', 'tmux_session']],
  ['afk_change', { status: 'gone', idle_duration_ms: -1 }, ['status', 'idle_duration_ms']],
  ['window_focus', { window_app_id: '' }, ['window_app_id']],
  ['browser_tab', { tab_host: 'a host/with path' }, ['tab_host']],
  ['git_commit', { actor: 'nobody', commit: '' }, ['actor', 'commit']],
  ['manual_timer', { issue: '42', action: 'begin' }, ['action', 'issue']],
  [
    'manual_log',
    { duration_ms: 86_400_001, started_at: '2026-02-30T00:00:00.000Z' },
    ['started_at', 'duration_ms'],
  ],
  ['manual_log', { duration_ms: 0.5, at: 'now' }, ['at', 'duration_ms']],
] as const)('%s with %j is refused', (type, changed, fields) => {
  expect(
    wrong(
      SAMPLES.find((record) => record.type === type)!,
      changed,
    ),
  ).toEqual(fields);
});
