/**
 * What hooks run: POSIX sh without another program but date, one line appended, never an error. A value
 * with control characters is left out, so that no name of a pane or branch makes a second field or line.
 */
const SHARED = `umask 077
clean() {
  case "$1" in
    *[[:cntrl:]]*) v= ;;
    *) v=$1 ;;
  esac
}
now() {
  t=$(date -u +%s%N 2>/dev/null) || t=
  case "$t" in
    '' | *[!0-9]*) t=$(date -u +%s)000000000 ;;
  esac
}
`;

/** tmux.sh KIND PANE FOLDER SESSION WINDOW; KIND is focus or mode, with whether the pane scrolls behind. */
export function tmuxScript(log: string): string {
  return `#!/bin/sh
# coffee-roadmap: a person went to a pane, or scrolled in one.
${SHARED}{
  kind=$1
  if [ "$kind" = mode ]; then
    [ "$6" = 1 ] || exit 0
    kind=scroll
  fi
  now
  clean "$2"; pane=$v
  clean "$3"; folder=$v
  clean "$4"; session=$v
  clean "$5"; window=$v
  printf 'tmux\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$t" "$kind" "$pane" "$folder" "$session" "$window" >>${quote(log)}
} 2>/dev/null
exit 0
`;
}

export type GitHook = 'post-commit' | 'post-checkout';

/**
 * A hook of a repository, or of all: what was there before runs first and its exit code counts; then one line, and
 * the hand-over in the background, one at a time.
 */
export function gitScript(
  hook: GitHook,
  { log, handOver }: { log: string; handOver: string },
  everywhere?: { before: string | null },
): string {
  return `#!/bin/sh
${GIT_MARK}
${everywhere === undefined ? `before="$0${BEFORE}"\n` : repositoryHook(hook, everywhere.before)}code=0
if [ -x "$before" ]; then
  "$before" "$@"
  code=$?
fi
tty=
[ -t 2 ] && tty=yes
(
${SHARED}  ${hook === 'post-checkout' ? '[ "$3" = 1 ] || exit 0' : ':'}
  now
  actor=-
  if [ -n "$CLAUDECODE$CLAUDE_CODE_ENTRYPOINT$COFFEE_ROADMAP_AGENT" ]; then
    actor=agent
  elif [ -n "$tty$TERM_PROGRAM$VSCODE_GIT_ASKPASS_NODE" ]; then
    actor=person
  fi
  clean "$(git rev-parse --show-toplevel)"; folder=$v
  clean "$(git symbolic-ref --short -q HEAD)"; branch=$v
  clean "$(git rev-parse -q --verify HEAD)"; commit=$v
  clean "${hook === 'post-checkout' ? '$1' : ''}"; previous=$v
  printf 'git\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$t" ${hook.slice(5)} "$folder" "$branch" "$commit" "$previous" "$actor" >>${quote(log)}
  sh ${quote(handOver)} >/dev/null 2>&1 </dev/null &
) >/dev/null 2>&1 </dev/null
exit $code
`;
}

/** A hook for all repositories that runs a repository's own and does nothing else. */
export function delegatingScript(hook: string, before: string | null): string {
  return `#!/bin/sh
${GIT_MARK}
${repositoryHook(hook, before)}[ -x "$before" ] && exec "$before" "$@"
exit 0
`;
}

/** Sets `before` to what git would run without ours; where that is ours too, to what was there before it. */
function repositoryHook(hook: string, before: string | null): string {
  const own =
    before === null
      ? `"$(git rev-parse --git-common-dir 2>/dev/null)/hooks/${hook}"`
      : quote(`${before}/${hook}`);
  return `before=${own}
grep -q ${quote(GIT_MARK)} "$before" 2>/dev/null && before="$before${BEFORE}"
`;
}

/** Sends what was recorded and publishes, unless that is being done. A lock that somebody was killed in is old. */
export function handOverScript(folder: string, command: readonly string[]): string {
  const lock = quote(`${folder}/handing-over`);
  const program = command.map(quote).join(' ');
  return `#!/bin/sh
find ${lock} -prune -mmin +10 -exec rmdir {} \\; 2>/dev/null
mkdir ${lock} 2>/dev/null || exit 0
${program} push >/dev/null 2>&1
${program} publish --layer git_hook >/dev/null 2>&1
rmdir ${lock}
`;
}

export const GIT_MARK =
  '# coffee-roadmap: a commit or checkout is recorded; what was here before runs first.';
export const BEFORE = '.before-coffee-roadmap';

/** As sh reads it back, whatever it holds. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The index keeps entries of others, and makes sourcing it twice the same as once. */
const INDEX = 7272;
const HOOKS = [
  ['pane-focus-in', 'focus'],
  ['after-select-pane', 'focus'],
  ['session-window-changed', 'focus'],
  ['client-session-changed', 'focus'],
  ['pane-mode-changed', 'mode'],
] as const;

/** tmux's configuration; every value is quoted by tmux itself. `script` holds no `'`, `"`, `#` or newline. */
export function tmuxConfiguration(script: string): string {
  const lines = HOOKS.map(([hook, kind]) => {
    const values = ['pane_id', 'pane_current_path', 'session_name', 'window_index', 'pane_in_mode'];
    const given = values.map((name) => `#{q:${name}}`).join(' ');
    const safe = script.replace(/[^\w@%+=:,./-]/g, '\\\\$&');
    return `set-hook -g '${hook}[${INDEX}]' 'run-shell -b "sh ${safe} ${kind} ${given}"'`;
  });
  return ['set-option -g focus-events on', ...lines, ''].join('\n');
}

export function tmuxRemoval(): string[][] {
  return HOOKS.map(([hook]) => ['set-hook', '-gu', `${hook}[${INDEX}]`]);
}
