import type { ActivityRecord } from '../../records/record';
import { applicationKind } from './applications';
import { EVENT_TYPES, type EventType } from './event-types';
import { readEvent, type EventContext } from './read-event';

const context: EventContext = { machine: 'm', stream: 'red', sessionType: null };
const at = '2026-03-02T09:00:00.250Z';
const read = (type: EventType, fields: object = {}, more: Partial<EventContext> = {}) =>
  readEvent(
    { v: 1, id: 'm:x', at, type, session_id: 's', ...fields } as unknown as ActivityRecord,
    {
      ...context,
      ...more,
    },
  );

const FIELDS: Record<EventType, object> = {
  tmux_pane_focus: { pane_id: '%3' },
  tmux_scroll: { pane_id: '%3' },
  user_message: {},
  agent_session: { action: 'started', session_type: 'user' },
  agent_tool_use: { tool: 'Edit' },
  afk_change: { status: 'idle', idle_duration_ms: 250 },
  window_focus: { window_app_id: 'Slack' },
  browser_tab: { tab_id: '1' },
  git_commit: { actor: 'person' },
  git_checkout: { actor: 'person' },
  manual_timer: { action: 'start', issue: 'local:1' },
  manual_log: { started_at: '2026-03-02T08:00:00.000Z', duration_ms: 1000, issue: null },
};

it.each(Object.entries(EVENT_TYPES) as [EventType, string][])('%s means %s', (type, effect) => {
  expect(read(type, FIELDS[type])).toMatchObject({
    id: 'm:x',
    effect,
    machine: 'm',
    stream: 'red',
  });
});

it('puts events at the time that they are about', () => {
  expect(read('tmux_pane_focus')?.at).toBe(Date.parse(at));
  expect(read('afk_change', FIELDS.afk_change)?.at).toBe(Date.parse('2026-03-02T09:00:00.000Z'));
  expect(read('manual_log', FIELDS.manual_log)).toMatchObject({
    at: Date.parse('2026-03-02T08:00:00.000Z'),
    until: Date.parse('2026-03-02T08:00:01.000Z'),
    recordedAt: Date.parse(at),
  });
});

it('passes over what says nothing about time', () => {
  expect(read('afk_change', { status: 'active' })).toBeUndefined();
  expect(read('git_commit', { actor: 'agent' })).toBeUndefined();
  expect(read('git_checkout', { actor: null })).toBeUndefined();
  expect(read('agent_tool_use', { session_id: null })).toBeUndefined();
});

it('takes a message for a person’s only in a person’s session', () => {
  expect(read('user_message', {}, { sessionType: 'agent' })?.effect).toBe('work');
  expect(read('user_message', { session_id: 'agent-7' })?.effect).toBe('work');
  expect(read('user_message', { session_id: 'agent-7' }, { sessionType: 'user' })?.effect).toBe(
    'message',
  );
  expect(read('user_message', { session_id: null })?.effect).toBe('focus');
});

it.each([
  ['com.apple.Terminal', 'terminal'],
  ['gnome-terminal-server', 'terminal'],
  ['com.googlecode.iterm2', 'terminal'],
  ['org.wezfurlong.wezterm', 'terminal'],
  ['WindowsTerminal.exe', 'terminal'],
  ['foot', 'terminal'],
  ['Google Chrome', 'browser'],
  ['org.mozilla.firefox', 'browser'],
  ['Microsoft Edge', 'browser'],
  ['msedge.exe', 'browser'],
  ['company.thebrowser.Browser', 'browser'],
  ['Arc', 'browser'],
  ['com.brave.Browser', 'browser'],
  ['com.apple.ScreenSaver.Engine', 'lock'],
  ['LockApp.exe', 'lock'],
  ['swaylock', 'lock'],
  ['Knowledge Base', 'other'],
  ['Research', 'other'],
  ['Archive Utility', 'other'],
  ['barefoot', 'other'],
  ['', 'other'],
])('calls %s a %s', (app, kind) => {
  expect(applicationKind(app)).toBe(kind);
});
