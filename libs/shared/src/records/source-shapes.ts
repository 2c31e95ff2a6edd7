import { instant, name, oneOf, orNull, text, type Field } from './fields';
import type { SourceRecord } from './source-records';

const DAY_MS = 86_400_000;
/** Somebody may come back after a year. */
const LONGEST_IDLE_MS = 366 * DAY_MS;

/** A whole number of milliseconds or of what is counted. */
const whole = (least: number, most: number): Field => ({
  nullable: false,
  check: (value) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `is no whole number from ${least} to ${most}`,
});

const issue: Field = {
  nullable: false,
  check: (value) =>
    typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}:[\x21-\x7e]{1,150}$/.test(value)
      ? undefined
      : 'is no issue such as local:42',
};

const base = {
  at: instant,
  folder: orNull(text(4096)),
  session_id: orNull(name(200)),
};
const note = orNull(text(1000));
const place = orNull(text(4096));
const tmux = {
  ...base,
  source: oneOf(['remote.tmux']),
  pane_id: name(32),
  tmux_session: orNull(text(200)),
  window_index: orNull(whole(0, 1_000_000)),
  git_project: place,
};
const git = {
  ...base,
  source: oneOf(['remote.git']),
  git_project: place,
  git_branch: orNull(text(512)),
  actor: orNull(oneOf(['person', 'agent'])),
  commit: name(64),
};

/** Those of `SHAPES` that the sources beside the transcripts report. */
export const SOURCE_SHAPES: {
  [T in SourceRecord['type']]: {
    fields: Record<Exclude<keyof Extract<SourceRecord, { type: T }>, 'v' | 'id' | 'type'>, Field>;
    discriminator: (record: Extract<SourceRecord, { type: T }>) => string | null;
  };
} = {
  tmux_pane_focus: { fields: tmux, discriminator: (record) => record.pane_id },
  tmux_scroll: { fields: tmux, discriminator: (record) => record.pane_id },
  afk_change: {
    fields: {
      ...base,
      source: oneOf(['local.afk']),
      status: oneOf(['idle', 'active']),
      idle_duration_ms: orNull(whole(0, LONGEST_IDLE_MS)),
    },
    discriminator: (record) => record.status,
  },
  window_focus: {
    fields: {
      ...base,
      source: oneOf(['local.window']),
      window_app_id: text(200),
      window_title: orNull(text(1000)),
    },
    discriminator: () => null,
  },
  browser_tab: {
    fields: {
      ...base,
      source: oneOf(['local.browser']),
      tab_id: name(64),
      tab_host: orNull(name(253)),
    },
    discriminator: (record) => record.tab_id,
  },
  git_commit: { fields: git, discriminator: (record) => record.commit },
  git_checkout: {
    fields: { ...git, previous_commit: orNull(name(64)) },
    discriminator: (record) => record.commit,
  },
  manual_timer: {
    fields: {
      ...base,
      source: oneOf(['manual']),
      action: oneOf(['start', 'pause', 'resume', 'stop']),
      issue,
      note,
    },
    discriminator: (record) => `${record.action}:${record.issue}`,
  },
  manual_log: {
    fields: {
      ...base,
      source: oneOf(['manual']),
      started_at: instant,
      duration_ms: whole(1, DAY_MS),
      issue: orNull(issue),
      note,
    },
    discriminator: () => null,
  },
};
