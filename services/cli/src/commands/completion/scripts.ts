import type { Choice, CommandPath } from './paths';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * A script for the shell to read; the same commands give the same text. Each walks from noun to verb as far as
 * it knows the words, and offers what may follow there; files where nothing is known.
 */
export function completionScript(shell: Shell, paths: readonly CommandPath[]): string {
  return { bash, zsh, fish }[shell](paths);
}

const NAME = 'coffee-roadmap';
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const pathOf = ({ words }: CommandPath): string => words.join(' ');
const plain = (word: string): Choice => ({ word, description: '' });

/** What is offered before a dash is typed; none: files. */
function choicesOf({ verbs, argument, options }: CommandPath): Choice[] {
  if (verbs.length > 0) return verbs;
  return argument === undefined ? options : argument.map(plain);
}

/** `roadmap list --state` and what may follow it. */
const valuesOf = (paths: readonly CommandPath[]): [string, string[]][] =>
  paths.flatMap((path) =>
    [...path.values].map(([option, values]): [string, string[]] => [
      `${pathOf(path)} ${option}`.trimStart(),
      values,
    ]),
  );

const known = (paths: readonly CommandPath[]): string[] =>
  paths.filter(({ words }) => words.length > 0).map(pathOf);

function bash(paths: readonly CommandPath[]): string {
  const line = (at: string, words: readonly string[], options?: readonly string[]): string =>
    `    ${quote(at)}) words=${quote(words.join(' '))}${options === undefined ? '' : ` options=${quote(options.join(' '))}`} ;;`;
  return `# ${NAME} completion bash
_coffee_roadmap() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' words='' options='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${known(paths).map(quote).join('|')})
        path="\${path:+$path }$word" ;;
      *) break ;;
    esac
  done
  case "\${path:+$path }\${COMP_WORDS[COMP_CWORD-1]}" in
${valuesOf(paths)
  .map(([at, values]) => line(at, values))
  .join('\n')}
    *) case $path in
${paths.map((path) => line(pathOf(path), wordsOf(choicesOf(path)), wordsOf(path.options))).join('\n')}
    esac ;;
  esac
  case $current in -*) words=$options ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _coffee_roadmap ${NAME}
`;
}

const wordsOf = (choices: readonly Choice[]): string[] => choices.map(({ word }) => word);

function zsh(paths: readonly CommandPath[]): string {
  const describe = ({ word, description }: Choice): string =>
    quote(`${word.replaceAll(':', '\\:')}${description === '' ? '' : `:${description}`}`);
  const list = (choices: readonly Choice[]): string => choices.map(describe).join(' ');
  const line = (at: string, choices: readonly Choice[], options?: readonly Choice[]): string =>
    `    ${quote(at)}) choices=(${list(choices)})${options === undefined ? '' : ` options=(${list(options)})`} ;;`;
  return `#compdef ${NAME}
# ${NAME} completion zsh
_coffee_roadmap() {
  local -a choices options
  local at word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      ${known(paths).map(quote).join('|')})
        at="\${at:+$at }$word" ;;
      *) break ;;
    esac
  done
  case "\${at:+$at }\${words[CURRENT-1]}" in
${valuesOf(paths)
  .map(([at, values]) => line(at, values.map(plain)))
  .join('\n')}
    *) case $at in
${paths.map((path) => line(pathOf(path), choicesOf(path), path.options)).join('\n')}
    esac ;;
  esac
  [[ $PREFIX == -* ]] && choices=("\${options[@]}")
  _describe '${NAME}' choices && return
  _files
}
if [[ $funcstack[1] == _coffee_roadmap ]]; then _coffee_roadmap "$@"; else compdef _coffee_roadmap ${NAME}; fi
`;
}

function fish(paths: readonly CommandPath[]): string {
  const line = (at: string, choices: readonly Choice[]): string => {
    const told = choices.map(({ word, description }) => `${word}\t${description}`);
    return `    case ${fishQuote(at)}\n      printf '%s\\n' ${told.map(fishQuote).join(' ')}`;
  };
  return `# ${NAME} completion fish
function __coffee_roadmap_at
  set -l at
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${known(paths)
        .map((path) => fishQuote(` ${path}`))
        .join(' ')}
        set at "$at $word"
      case '*'
        break
    end
  end
  string trim -- "$at"
end
function __coffee_roadmap_choices
  set -l at (__coffee_roadmap_at)
  switch (string trim -- "$at "(commandline -opc)[-1])
${valuesOf(paths)
  .map(([at, values]) => line(at, values.map(plain)))
  .join('\n')}
    case '*'
      switch "$at"
${paths.map((path) => line(pathOf(path), [...choicesOf(path), ...path.options]).replaceAll('\n', '\n  ')).join('\n')}
      end
  end
end
complete -c ${NAME} -a '(__coffee_roadmap_choices)'
# No files where words are known.
complete -c ${NAME} -f -n '__coffee_roadmap_choices | string match -qrv "^-"'
`;
}

const fishQuote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
