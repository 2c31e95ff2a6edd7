/** Exit codes of these scripts that no program of ours gives. */
export const NOT_INSTALLED = 97;
export const NO_NODE = 98;
export const CUT_OFF = 99;

/** Shells that nobody logs in to seldom have the PATH of one's terminal. */
const PATH = [
  'PATH="$HOME/.local/bin:$HOME/bin:$PATH:/usr/local/bin:/opt/homebrew/bin:$HOME/.volta/bin"',
  'for d in "$HOME"/.nvm/versions/node/*/bin "$HOME"/.local/share/fnm/node-versions/*/installation/bin; do [ -d "$d" ] && PATH="$PATH:$d"; done',
  'export PATH',
];
const PLACE = 'agent="${XDG_DATA_HOME:-$HOME/.local/share}/coffee-roadmap/agent.js"';
const NODE = [
  `node -e "var v=process.versions.node.split(\\".\\");process.exit(v[0]*100+v[1]*1>=2009?0:1)" 2>/dev/null || exit ${NO_NODE}`,
];

/** Runs what `sync --install` put there, else the coffee-roadmap in the PATH. */
export const EXPORT_SCRIPT = [
  ...PATH,
  PLACE,
  'if [ -f "$agent" ]; then',
  ...NODE,
  'exec node "$agent" export --handshake; fi',
  `command -v coffee-roadmap >/dev/null 2>&1 || exit ${NOT_INSTALLED}`,
  'exec coffee-roadmap export --handshake',
].join('\n');

/** Takes the program of `bytes` from its input, whole or not at all, and gives the machine an identity. */
export const installScript = (bytes: number): string =>
  [
    ...PATH,
    PLACE,
    ...NODE,
    'umask 077; set -e',
    'mkdir -p "${agent%/*}"',
    'cat >"$agent.$$"',
    `if [ "$(wc -c <"$agent.$$")" -ne ${bytes} ]; then rm -f "$agent.$$"; exit ${CUT_OFF}; fi`,
    'mv -f "$agent.$$" "$agent"',
    'exec node "$agent" init --json',
  ].join('\n');
