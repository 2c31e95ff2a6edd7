import type { UserMessageRecord } from './record';

type ActivityBase = Omit<UserMessageRecord, 'type' | 'source'>;

interface TmuxBase extends ActivityBase {
  readonly source: 'remote.tmux';
  readonly pane_id: string;
  readonly tmux_session: string | null;
  readonly window_index: number | null;
  /** The repository that the pane's folder is in: its remote without credentials, or its top folder. */
  readonly git_project: string | null;
}

/** A person went to a pane. Discriminator: the pane's id. */
export interface TmuxPaneFocusRecord extends TmuxBase {
  readonly type: 'tmux_pane_focus';
}

/** A person scrolled in a pane. Discriminator: the pane's id. */
export interface TmuxScrollRecord extends TmuxBase {
  readonly type: 'tmux_scroll';
}

/**
 * No input for `idle_duration_ms` (whole, ≥ 0) before `at`, or input again; null where the platform
 * does not say how long. Discriminator: the status.
 */
export interface AfkChangeRecord extends ActivityBase {
  readonly type: 'afk_change';
  readonly source: 'local.afk';
  readonly status: 'idle' | 'active';
  readonly idle_duration_ms: number | null;
}

/** Another window came to the front. Discriminator: the window's id, or 0. */
export interface WindowFocusRecord extends ActivityBase {
  readonly type: 'window_focus';
  readonly source: 'local.window';
  readonly window_app_id: string;
  /** Null unless its person turned titles on. */
  readonly window_title: string | null;
}

/** Another tab came to the front. Discriminator: the tab's id. */
export interface BrowserTabRecord extends ActivityBase {
  readonly type: 'browser_tab';
  readonly source: 'local.browser';
  readonly tab_id: string;
  /** The site's host without path; null unless its person turned sites on. */
  readonly tab_host: string | null;
}

interface GitBase extends ActivityBase {
  readonly source: 'remote.git';
  readonly git_project: string | null;
  readonly git_branch: string | null;
  /** Who ran git, as the hook's environment tells; null where it cannot. */
  readonly actor: 'person' | 'agent' | null;
}

/** A commit was made. Discriminator: its hash. */
export interface GitCommitRecord extends GitBase {
  readonly type: 'git_commit';
  readonly commit: string;
}

/** A branch was checked out. Discriminator: the hash that HEAD has now. */
export interface GitCheckoutRecord extends GitBase {
  readonly type: 'git_checkout';
  readonly commit: string;
  readonly previous_commit: string | null;
}

/** A person moved a timer by hand. Discriminator: the action, ':' and the issue. */
export interface ManualTimerRecord extends ActivityBase {
  readonly type: 'manual_timer';
  readonly source: 'manual';
  readonly action: 'start' | 'pause' | 'resume' | 'stop';
  /** `provider:id`. */
  readonly issue: string;
  readonly note: string | null;
}

/** A person said afterwards what a time was spent on. Discriminator: a new uuid. */
export interface ManualLogRecord extends ActivityBase {
  readonly type: 'manual_log';
  readonly source: 'manual';
  /** As `at`; the log covers `duration_ms` (whole, > 0) from then on. */
  readonly started_at: string;
  readonly duration_ms: number;
  readonly issue: string | null;
  readonly note: string | null;
}

/** What the sources beside the transcripts report, in the format of `MachineRecord`. */
export type SourceRecord =
  | TmuxPaneFocusRecord
  | TmuxScrollRecord
  | AfkChangeRecord
  | WindowFocusRecord
  | BrowserTabRecord
  | GitCommitRecord
  | GitCheckoutRecord
  | ManualTimerRecord
  | ManualLogRecord;
