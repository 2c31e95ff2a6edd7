import type { ActivityRecord } from '../../records/record';

export type EventType = ActivityRecord['type'];

/** What an event means to a person's time; docs/adr/0009 gives the reasons. */
export type Effect =
  /** The person is here now. */
  | 'focus'
  /** The person is here now, and has given an agent something to do. */
  | 'message'
  /** The person is still where they were. */
  | 'prolong'
  /** The person went away. */
  | 'leave'
  /** Another window is in front. */
  | 'window'
  /** Another browser tab is in front, where the browser is. */
  | 'tab'
  /** An agent is at work. */
  | 'work'
  /** The person says what runs from now on. */
  | 'timer'
  /** The person says what a past time was spent on. */
  | 'log';

/** Each type's usual effect; reading an event may find it to have none or another. */
export const EVENT_TYPES = {
  tmux_pane_focus: 'focus',
  tmux_scroll: 'prolong',
  user_message: 'message',
  agent_session: 'work',
  agent_tool_use: 'work',
  afk_change: 'leave',
  window_focus: 'window',
  browser_tab: 'tab',
  git_commit: 'focus',
  git_checkout: 'focus',
  manual_timer: 'timer',
  manual_log: 'log',
} as const satisfies Record<EventType, Effect>;
