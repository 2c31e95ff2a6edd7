import { execFile } from 'node:child_process';

/** The window that has the focus. */
export interface FrontWindow {
  /** Tells two windows of one application apart; 0 where the platform does not say. */
  readonly id: string;
  /** As the platform names the application: `firefox`, `org.gnome.Terminal`. */
  readonly app: string;
  /** Null unless its person turned titles on. */
  readonly title: string | null;
}

/** What `hooks install focus` was told; kept for the service, which has no shell's environment. */
export interface FocusSettings {
  /** A command that writes the application, and the title on a second line; null: the X display. */
  readonly window: string | null;
  /** A command that writes the milliseconds since the last input; null: xprintidle, if it is there. */
  readonly idle: string | null;
  readonly titles: boolean;
  readonly display: string | null;
  readonly xauthority: string | null;
}

/** Looks at the platform; what it cannot tell is null. */
export interface FocusSource {
  frontWindow(): Promise<FrontWindow | null>;
  /** Milliseconds since the last input. */
  idleMs(): Promise<number | null>;
}

export function openFocusSource(settings: FocusSettings): FocusSource {
  const { window, idle, titles, display, xauthority } = settings;
  const x: Record<string, string> = {
    ...(display === null ? {} : { DISPLAY: display }),
    ...(xauthority === null ? {} : { XAUTHORITY: xauthority }),
  };
  return {
    async frontWindow() {
      if (window === null) return display === null ? null : readX11(x, titles);
      const [app = '', title = ''] = (await shell(window, x)).split('\n');
      return app.trim() === '' ? null : { id: '0', app: appOf(app), title: titleOf(title, titles) };
    },
    async idleMs() {
      const text =
        idle !== null
          ? await shell(idle, x)
          : display === null
            ? ''
            : await run('xprintidle', [], x);
      return /^\d{1,12}$/.test(text.trim()) ? Number(text) : null;
    },
  };
}

/** What any EWMH window manager keeps on the root window, and the window's class. */
async function readX11(env: Record<string, string>, titles: boolean): Promise<FrontWindow | null> {
  const active = '_NET_ACTIVE_WINDOW';
  const root = await run('xprop', ['-root', '-f', active, '32x', active], env);
  const id = /0x[0-9a-f]+/.exec(root)?.[0];
  if (id === undefined || /^0x0+$/.test(id)) return null;
  const names = ['WM_CLASS', ...(titles ? ['_NET_WM_NAME'] : [])];
  const lines = (await run('xprop', ['-id', id, '-notype', ...names], env)).split('\n');
  const valueOf = (name: string): string => lines.find((line) => line.startsWith(name)) ?? '';
  const app = /"((?:[^"\\]|\\.)*)"\s*$/.exec(valueOf('WM_CLASS'))?.[1];
  if (app === undefined || app === '') return null;
  const title = /"(.*)"\s*$/.exec(valueOf('_NET_WM_NAME'))?.[1] ?? '';
  return { id, app: appOf(app), title: titleOf(title.replace(/\\(.)/g, '$1'), titles) };
}

const titleOf = (title: string, wanted: boolean): string | null =>
  wanted && title.trim() !== '' ? plain(title.trim()).slice(0, 1000) : null;

/** A line of the log has no tabs or ends of lines in it. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ');
const appOf = (text: string): string => plain(text.trim()).slice(0, 200);

const shell = (command: string, env: Record<string, string>): Promise<string> =>
  run('/bin/sh', ['-c', command], env);

/** What a program writes, or nothing where it is not there, fails or hangs: there will be a next look. */
function run(file: string, args: string[], env: Record<string, string>): Promise<string> {
  const variables = { LC_ALL: 'C.UTF-8', ...env };
  const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return new Promise((resolve) => {
    const options = { timeout: 5_000, maxBuffer: 1 << 20 };
    execFile('/usr/bin/env', [...given, file, ...args], options, (error, stdout) => {
      resolve(error === null ? stdout : '');
    });
  });
}
