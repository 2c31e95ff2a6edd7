export type ApplicationKind = 'terminal' | 'browser' | 'lock' | 'other';

/** Parts of names that occur in nothing else; short words count only when they stand alone. */
const KINDS: readonly (readonly [ApplicationKind, RegExp])[] = [
  ['lock', /loginwindow|screensaver|screenlock|lockapp|\b(swaylock|i3lock|hyprlock)\b/i],
  [
    'terminal',
    /terminal|iterm|alacritty|wezterm|kitty|konsole|ghostty|xterm|terminator|\b(foot|st|tilix)\b/i,
  ],
  [
    'browser',
    /chrome|chromium|firefox|safari|thebrowser|vivaldi|librewolf|zen-browser|\b(edge|brave|arc|opera)\b|msedge|brave-browser/i,
  ],
];

/** What kind of application an id or name as the platform gives it belongs to. */
export function applicationKind(app: string): ApplicationKind {
  return KINDS.find(([, names]) => names.test(app))?.[0] ?? 'other';
}
