import {
  decimal,
  instant,
  name,
  oneOf,
  orNull,
  prose,
  sortedNames,
  text,
  tokens,
  yesOrNo,
  type Field,
} from './fields';
import type { MachineRecord } from './record';
import { SOURCE_SHAPES } from './source-shapes';

const ACTIVITY_SOURCES = [
  'remote.tmux',
  'remote.agent',
  'remote.git',
  'local.window',
  'local.afk',
  'local.browser',
  'manual',
];

/** Of a message's text, in UTF-16 units. */
export const MOST_TEXT = 8_000;

const id = name(200);
const folder = text(4096);
const activity = {
  source: oneOf(ACTIVITY_SOURCES),
  folder: orNull(folder),
  session_id: orNull(id),
};

/** Of each type every field with its limits, and what makes its id unique. */
export const SHAPES: {
  [T in MachineRecord['type']]: {
    fields: Record<Exclude<keyof Extract<MachineRecord, { type: T }>, 'v' | 'id' | 'type'>, Field>;
    /** Null: whatever it is; undefined: the record has nothing to be told by. */
    discriminator: (record: Extract<MachineRecord, { type: T }>) => string | null | undefined;
  };
} = {
  usage: {
    fields: {
      at: instant,
      source: oneOf(['claude']),
      message_id: orNull(id),
      request_id: orNull(id),
      line_uuid: orNull(id),
      session_id: orNull(id),
      agent_id: orNull(id),
      is_sidechain: yesOrNo,
      model: orNull(text(200)),
      speed: orNull(oneOf(['standard', 'fast'])),
      input_tokens: tokens,
      output_tokens: tokens,
      cache_read_tokens: tokens,
      cache_write_5m_tokens: tokens,
      cache_write_1h_tokens: tokens,
      logged_cost_usd: orNull(decimal),
      folder: orNull(folder),
      git_branch: orNull(text(512)),
      version: orNull(text(64)),
    },
    discriminator: (record) =>
      record.message_id === null
        ? (record.line_uuid ?? undefined)
        : `${record.message_id}/${record.request_id ?? ''}`,
  },
  phrases: {
    fields: {
      at: instant,
      source: oneOf(['claude']),
      message_id: orNull(id),
      line_uuid: orNull(id),
      session_id: orNull(id),
      patterns: sortedNames(100, 64),
    },
    discriminator: (record) => record.message_id ?? record.line_uuid ?? undefined,
  },
  message_text: {
    fields: {
      at: instant,
      source: oneOf(['claude']),
      role: oneOf(['user', 'assistant']),
      message_id: orNull(id),
      line_uuid: id,
      session_id: orNull(id),
      text: prose(MOST_TEXT),
    },
    discriminator: (record) => record.line_uuid,
  },
  user_message: {
    fields: { at: instant, ...activity },
    discriminator: () => null,
  },
  agent_tool_use: {
    fields: { at: instant, ...activity, tool: text(200) },
    discriminator: () => null,
  },
  agent_session: {
    fields: {
      at: instant,
      ...activity,
      action: oneOf(['started', 'ended']),
      session_type: oneOf(['user', 'subagent', 'agent']),
      parent_session_id: orNull(id),
      git_branch: orNull(text(512)),
    },
    discriminator: (record) => `${record.session_id ?? ''}:${record.action}`,
  },
  ...SOURCE_SHAPES,
};
