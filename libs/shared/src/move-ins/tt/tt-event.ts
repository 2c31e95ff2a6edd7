import { cleanId, cleanText } from '../../transcripts/scan/record-bytes';
import { parseLine } from '../../records/parse-line';
import type { ActivityRecord } from '../../records/record';
import { MACHINE_ID, makeRecordId } from '../../records/record-id';
import { RECORD_VERSION } from '../../records/record';
import { readInstant } from '../files/instant';

/** Columns of tt's events, or fields of a line of its events.jsonl. */
export type TtFields = Record<string, unknown>;

/** An event of tt, before it is known which machine of ours it is of. */
export interface TtEvent {
  /** As tt named it. */
  id: string;
  /** tt's id of its machine; null: one of before there were several. */
  machine: string | null;
  type: string;
  sessionId: string | null;
  /** Made with an id of today's form. */
  named: boolean;
  fields: TtFields;
}

/** The tool of a call of which tt kept only that there was one. */
export const UNKNOWN_TOOL = 'unknown';

const NAMED = /^[a-z]+(?:\.[a-z]+)?:[a-z_]+:\d{4}-\d\d-\d\dT[\d:.]+Z:(.+)$/;
// Maps: a type may be `constructor`, which every object has.
const LEGACY = new Map([
  ['session_start', 'started'],
  ['session_end', 'ended'],
]);
const SOURCES = new Map([
  ['tmux_pane_focus', 'remote.tmux'],
  ['tmux_scroll', 'remote.tmux'],
  ['user_message', 'remote.agent'],
  ['agent_tool_use', 'remote.agent'],
  ['agent_session', 'remote.agent'],
  ['afk_change', 'local.afk'],
  ['window_focus', 'local.window'],
  ['browser_tab', 'local.browser'],
]);

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) ? value : null;
const shortened = (value: unknown, most: number): string | null => {
  const found = text(value);
  return found === null ? null : cleanText(found, most);
};
const name = (value: unknown): string | null => {
  const found = text(value);
  return found === null ? null : cleanId(found);
};

/** The machine that an id of tt says; null for one of before there were several. */
export function machineOf(id: string): string | null {
  const machine = id.slice(0, 36);
  return MACHINE_ID.test(machine) && id[36] === ':' ? machine : null;
}

/** A row of tt's table, or a line; `nameless` for what has neither id nor type. */
export function readEvent(row: TtFields): TtEvent | 'nameless' {
  // Older exports had what is of one type in an object of its own.
  const data = typeof row.data === 'object' && row.data !== null ? (row.data as TtFields) : {};
  const fields: TtFields = { tmux_session: data.session_name, ...data, ...row };
  const id = text(fields.id);
  const written = text(fields.type);
  if (id === null || written === null) return 'nameless';
  const action =
    LEGACY.get(written) ??
    text(fields.action) ??
    (written === 'agent_session'
      ? LEGACY.get(/session_(?:start|end)$/.exec(id)?.[0] ?? '')
      : undefined);
  const machine = text(fields.machine_id) ?? machineOf(id);
  return {
    id,
    machine,
    type: LEGACY.has(written) ? 'agent_session' : written,
    sessionId: name(fields.session_id),
    named: NAMED.test(machineOf(id) === null ? id : id.slice(37)),
    fields: { ...fields, action },
  };
}

/** As a record of that machine of ours, or the reason why it is none. */
export function toRecord(event: TtEvent, machineId: string): ActivityRecord | string {
  const { type, fields } = event;
  const at = readInstant(fields.timestamp);
  if (at === undefined) return 'time';
  const source = SOURCES.get(type);
  if (source === undefined) return 'unknown_type';
  const rest = machineOf(event.id) === null ? event.id : event.id.slice(37);
  const tail = NAMED.exec(rest)?.[1] ?? `tt:${rest}`;
  const { key, ...more } = OF_TYPE[type]!(fields, tail);
  const discriminator = cleanId(String(key));
  const record = {
    v: RECORD_VERSION,
    id: makeRecordId({ machineId, source, type, at, discriminator }),
    type,
    source,
    at,
    folder: shortened(fields.cwd, 4096),
    session_id: type.startsWith('agent_') || type === 'user_message' ? event.sessionId : null,
    ...more,
  };
  const parsed = parseLine(JSON.stringify(record));
  if (parsed.kind === 'record') return parsed.record as ActivityRecord;
  return parsed.kind === 'refused' ? parsed.reason : 'bad_field';
}

/** What each type has of its own; `key` is what tells it from others of its moment. */
type OwnFields = (fields: TtFields, tail: string) => TtFields;

const ofPane: OwnFields = (fields, tail) => {
  const pane = text(fields.pane_id) ?? tail;
  // Names of repositories are not their remotes, by which places are known here.
  const project = text(fields.git_project);
  return {
    key: pane,
    pane_id: pane,
    tmux_session: shortened(fields.tmux_session, 200),
    window_index: whole(fields.window_index),
    git_project: project !== null && /[:/]/.test(project) ? cleanText(project, 4096) : null,
  };
};

const OF_TYPE: Record<string, OwnFields> = {
  tmux_pane_focus: ofPane,
  tmux_scroll: ofPane,
  user_message: (_, tail) => ({ key: tail }),
  agent_tool_use: (fields, tail) => ({
    key: tail,
    tool: shortened(fields.tool ?? fields.tool_name, 200) ?? UNKNOWN_TOOL,
  }),
  agent_session: (fields) => ({
    key: `${name(fields.session_id) ?? ''}:${String(fields.action)}`,
    action: fields.action,
    session_type: sessionType(text(fields.session_id) ?? '', fields.session_type),
    parent_session_id: name(fields.parent_session_id),
    git_branch: null,
  }),
  afk_change: (fields) => ({
    key: String(fields.status),
    status: fields.status,
    idle_duration_ms: whole(fields.idle_duration_ms),
  }),
  window_focus: (fields, tail) => ({
    key: tail,
    window_app_id: shortened(fields.window_app_id ?? fields.app, 200),
    window_title: null,
  }),
  browser_tab: (_, tail) => {
    const tab = cleanId(tail).slice(0, 64);
    return { key: tab, tab_id: tab, tab_host: null };
  },
};

function sessionType(id: string, said: unknown): string {
  if (said === 'user' || said === 'subagent' || said === 'agent') return said;
  if (!id.startsWith('agent-')) return 'user';
  return /prompt_suggestion|compact/.test(id) ? 'agent' : 'subagent';
}
