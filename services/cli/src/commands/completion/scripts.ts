import type { CommandPath } from './paths';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A script for the shell to read; the same commands give the same text. */
export function completionScript(shell: Shell, paths: readonly CommandPath[]): string {
  return { bash, zsh, fish }[shell](paths);
}

const NAME = 'coffee-roadmap';
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** `roadmap list` → the words that may follow it; file names where the shell finds none. */
function bash(paths: readonly CommandPath[]): string {
  const cases = paths.map(
    ({ words, next }) =>
      `    ${quote(words.join(' '))}) words=${quote(next.map(({ word }) => word).join(' '))} ;;`,
  );
  return `# ${NAME} completion bash
_coffee_roadmap() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) break ;; esac
    case "$path" in *' '*) break ;; esac
    path="\${path:+$path }$word"
  done
  case $path in
${cases.join('\n')}
    *) case "\${path%% *}" in
${topLevel(paths)}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _coffee_roadmap ${NAME}
`;
}

/** For a command without verbs an argument is no part of the path. */
function topLevel(paths: readonly CommandPath[]): string {
  return paths
    .filter(({ words }) => words.length === 1)
    .map(
      ({ words, next }) =>
        `      ${quote(words[0]!)}) words=${quote(next.map(({ word }) => word).join(' '))} ;;`,
    )
    .join('\n');
}

function zsh(paths: readonly CommandPath[]): string {
  const describe = ({ word, description }: { word: string; description: string }): string =>
    quote(`${word.replaceAll(':', '\\:')}:${description}`);
  const cases = paths.map(
    ({ words, next }) =>
      `    ${quote(words.join(' '))}) choices=(${next.map(describe).join(' ')}) ;;`,
  );
  return `#compdef ${NAME}
# ${NAME} completion zsh
_coffee_roadmap() {
  local -a choices typed
  local word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] && break
    (( \${#typed} >= 2 )) && break
    typed+=("$word")
  done
  case "\${(j: :)typed}" in
${cases.join('\n')}
  esac
  if (( \${#choices} )) && [[ $PREFIX == -* || -z $PREFIX || \${#typed} -lt 2 ]]; then
    _describe '${NAME}' choices && return
  fi
  _files
}
if [[ $funcstack[1] == _coffee_roadmap ]]; then _coffee_roadmap "$@"; else compdef _coffee_roadmap ${NAME}; fi
`;
}

function fish(paths: readonly CommandPath[]): string {
  const lines = paths.flatMap(({ words, next }) => {
    const [noun, verb] = words;
    const here =
      noun === undefined
        ? '__fish_use_subcommand'
        : verb === undefined
          ? `__fish_seen_subcommand_from ${noun}`
          : `__fish_seen_subcommand_from ${noun}; and __fish_seen_subcommand_from ${verb}`;
    return next.map(({ word, description }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c ${NAME} -n ${quote(here)} ${what} -d ${quote(description)}`;
    });
  });
  return [`# ${NAME} completion fish`, ...lines, ''].join('\n');
}
