import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  openFocusSource,
  type FocusSettings,
  type FrontWindow,
} from '@coffee-roadmap/shared/time/focus/focus-source';
import { followFocus } from '@coffee-roadmap/shared/time/focus/follow-focus';
import type { FocusSign } from '@coffee-roadmap/shared/time/focus/focus-tracker';
import { changeHookState, readHookState } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import type { Context } from '../../context';
import type { Output } from '../../output';
import { holdInterrupts } from '../../interrupts';
import { stripEscapes } from '../../terminal/strip-escapes';

export interface FocusOptions {
  window?: string;
  idle?: string;
  titles?: boolean;
}

export interface FocusStatus {
  installed: boolean;
  /** What is seen at this moment; null: nothing is. */
  window_app_id: string | null;
  idle_ms: number | null;
}

/** Keeps how this desktop is looked at, after a look that worked. Throws `invalid_input` for none that does. */
export async function installFocus(config: Config, options: FocusOptions): Promise<FocusStatus> {
  const { env, paths } = config;
  const { xauthority = null, waylandDisplay } = env;
  const display = waylandDisplay === undefined ? (env.display ?? null) : null;
  if (display === null && options.window === undefined && options.idle === undefined) {
    throw new AppError('invalid_input', 'no X display is here that knows all windows', {
      hint: 'Elsewhere name --window COMMAND and --idle COMMAND: docs/time.md has them.',
    });
  }
  const settings: FocusSettings = {
    ...{ window: options.window ?? null, idle: options.idle ?? null },
    ...{ titles: options.titles === true, display, xauthority },
  };
  const seen = await look(settings);
  if (seen.window === null && seen.idleMs === null) {
    throw new AppError('invalid_input', 'neither a window nor absence can be seen', {
      hint:
        options.window === undefined
          ? 'Install xprop (x11-utils) and xprintidle, and do it within the desktop.'
          : 'The commands have to work in sh: docs/time.md says what they write.',
    });
  }
  changeHookState(paths, (state) => ({ ...state, focus: settings }));
  return statusOf(true, seen);
}

/** False: it was not installed. */
export function removeFocus({ paths }: Config): boolean {
  if (readHookState(paths).focus === undefined) return false;
  changeHookState(paths, ({ focus: _focus, ...state }) => state);
  return true;
}

export async function focusStatus({ paths }: Config): Promise<FocusStatus> {
  const { focus } = readHookState(paths);
  if (focus === undefined) return statusOf(false, { window: null, idleMs: null });
  return statusOf(true, await look(focus));
}

export function focusLine({ installed, window_app_id: app, idle_ms: idle }: FocusStatus): string {
  if (!installed) return 'focus: not installed: coffee-roadmap hooks install focus';
  if (app === null && idle === null)
    return 'focus: installed, and sees nothing here: coffee-roadmap hooks install focus';
  const front = app === null ? 'no window is in front' : `${stripEscapes(app)} is in front`;
  const absence = idle === null ? 'absence is not seen (xprintidle)' : 'absence is seen';
  return `focus: ${front}; ${absence}`;
}

/** Records what is in front until somebody ends it: what the service runs. */
export async function watchFocus(context: Context, out: Output): Promise<void> {
  const { paths } = context.config();
  const { focus } = readHookState(paths);
  if (focus === undefined) {
    throw new AppError('not_configured', 'windows are not recorded on this machine', {
      hint: 'coffee-roadmap hooks install focus',
    });
  }
  const interrupts = holdInterrupts();
  try {
    out.say('watching; Ctrl-C ends it');
    await followFocus(paths, openFocusSource(focus), {
      signal: interrupts.signal,
      onSign: (sign) => out.event(documentOf(sign), () => lineOf(sign)),
    });
  } finally {
    interrupts.end();
  }
}

async function look(
  settings: FocusSettings,
): Promise<{ window: FrontWindow | null; idleMs: number | null }> {
  const source = openFocusSource(settings);
  const [window, idleMs] = await Promise.all([source.frontWindow(), source.idleMs()]);
  return { window, idleMs };
}

const statusOf = (
  installed: boolean,
  { window, idleMs }: { window: FrontWindow | null; idleMs: number | null },
): FocusStatus => ({ installed, window_app_id: window?.app ?? null, idle_ms: idleMs });

const documentOf = (sign: FocusSign): object =>
  sign.kind === 'afk'
    ? { at: new Date(sign.at).toISOString(), status: sign.status, idle_duration_ms: sign.idleMs }
    : { at: new Date(sign.at).toISOString(), window_app_id: sign.window.app };

const lineOf = (sign: FocusSign): string =>
  `${new Date(sign.at).toISOString().slice(11, 19)}  ${
    sign.kind === 'window'
      ? stripEscapes(sign.window.app)
      : sign.status === 'idle'
        ? 'away'
        : 'back'
  }`;
