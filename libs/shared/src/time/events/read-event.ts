import type { ActivityRecord } from '../../records/record';
import { applicationKind } from './applications';
import { EVENT_TYPES } from './event-types';
import type { TimeEvent } from './time-event';

/** What the record itself does not say. */
export interface EventContext {
  readonly machine: string;
  readonly stream: string | null;
  /** Whose session it is; null where no record has said. */
  readonly sessionType: 'user' | 'subagent' | 'agent' | null;
}

/** The record's meaning to working time; undefined where it has none. */
export function readEvent(record: ActivityRecord, context: EventContext): TimeEvent | undefined {
  const { machine, stream } = context;
  const at = Date.parse(record.at);
  const base = { id: record.id, at, machine, stream };
  switch (record.type) {
    case 'user_message': {
      if (record.session_id === null) return { ...base, effect: 'focus' };
      const type = context.sessionType ?? typeOfSession(record.session_id);
      // An agent's prompt to its sub-agent is nobody's attention.
      const effect = type === 'user' ? 'message' : 'work';
      return { ...base, effect, session: record.session_id };
    }
    case 'agent_tool_use':
    case 'agent_session':
      if (record.session_id === null) return undefined;
      return { ...base, effect: 'work', session: record.session_id };
    case 'tmux_pane_focus':
    case 'tmux_scroll':
    case 'browser_tab':
      return { ...base, effect: EVENT_TYPES[record.type] };
    case 'git_commit':
    case 'git_checkout':
      return record.actor === 'person' ? { ...base, effect: 'focus' } : undefined;
    case 'window_focus': {
      const application = applicationKind(record.window_app_id);
      if (application === 'lock') return { ...base, effect: 'leave' };
      return { ...base, effect: 'window', application };
    }
    case 'afk_change':
      if (record.status === 'active') return undefined;
      return { ...base, at: at - (record.idle_duration_ms ?? 0), effect: 'leave' };
    case 'manual_timer':
      return { ...base, effect: 'timer', action: record.action, issue: record.issue };
    case 'manual_log': {
      const from = Date.parse(record.started_at);
      const until = from + record.duration_ms;
      return { ...base, at: from, effect: 'log', issue: record.issue, until, recordedAt: at };
    }
  }
}

/** The transcripts name sub-agents' sessions so. */
function typeOfSession(session: string): 'user' | 'subagent' {
  return session.startsWith('agent-') ? 'subagent' : 'user';
}
