import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quietEnvironment } from '../environment';

/** Every hook that git knows. */
const HOOKS = [
  'applypatch-msg',
  'commit-msg',
  'fsmonitor-watchman',
  'post-applypatch',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-receive',
  'post-rewrite',
  'post-update',
  'pre-applypatch',
  'pre-auto-gc',
  'pre-commit',
  'pre-merge-commit',
  'pre-push',
  'pre-rebase',
  'pre-receive',
  'prepare-commit-msg',
  'proc-receive',
  'push-to-checkout',
  'reference-transaction',
  'sendemail-validate',
  'update',
];

/** What setTraps plants and plain git runs into. Only `git send-email` would run the one missing. */
export const TRAPS = [
  ...HOOKS.filter((hook) => hook !== 'sendemail-validate'),
  'alias',
  'clean',
  'core.askPass',
  'core.editor',
  'core.fsmonitor',
  'core.gitProxy',
  'core.sshCommand',
  'credential.helper',
  'diff.command',
  'diff.external',
  'gpg.program',
  'include.path',
  'merge',
  'nested',
  'option',
  'packObjectsHook',
  'remote.uploadpack',
  'remote.url',
  'smudge',
  'submodule',
  'textconv',
];

export interface Traps {
  /** Plants all of them; to be run in the agent's clone by the agent. */
  script: string;
  /** What a branch that is named like an option would have git run. */
  optionProgram: string;
  /** Which went off in the sandbox, and which outside of it. */
  sprung(): { inside: string[]; outside: string[] };
}

/** Traps that each leave a mark in a folder below `root` that anybody may write to. */
export function setTraps(root: string): Traps {
  const marks = path.join(root, 'marks');
  mkdirSync(marks);
  chmodSync(marks, 0o777);
  const program = path.join(root, 'trap');
  const mark = `echo "\${IN_SANDBOX-no}" >> '${marks}'/"$1"`;
  const filter = 'case "$1" in clean|smudge|textconv) cat;; esac';
  writeFileSync(program, `#!/bin/sh\numask 0\n${mark}\n${filter}\n`, { mode: 0o755 });
  const run = (name: string) => `${program} ${name} </dev/null`;
  /** For settings that name a program without arguments. */
  const file = (name: string) => {
    const place = path.join(root, `trap-${name}`);
    writeFileSync(place, `#!/bin/sh\n${run(name)}\n`, { mode: 0o755 });
    return place;
  };
  const optionProgram = file('option');
  const script = `
    mkdir .git/hooks
    for hook in ${HOOKS.join(' ')}; do
      printf '#!/bin/sh\\n${run('%s')}\\n' $hook > .git/hooks/$hook
      chmod +x .git/hooks/$hook
    done
    git config core.hooksPath "$PWD/.git/hooks"
    git config receive.denyCurrentBranch updateInstead
    git config receive.procReceiveRefs refs/for

    echo '* filter=trap merge=trap' > .gitattributes
    echo '*.md diff=trap' >> .gitattributes
    git config filter.trap.clean '${program} clean'
    git config filter.trap.smudge '${program} smudge'
    git config filter.trap.required true
    git config merge.trap.driver '${run('merge')}'
    git config diff.external '${run('diff.external')}'
    git config diff.trap.command '${run('diff.command')}'
    git config diff.trap.textconv '${program} textconv <'

    git config core.sshCommand '${run('core.sshCommand')}'
    git config core.gitProxy '${file('core.gitProxy')}'
    git config core.askPass '${file('core.askPass')}'
    git config core.editor '${run('core.editor')} #'
    git config gpg.program '${file('gpg.program')}'
    git config credential.helper '!${run('credential.helper')} #'
    git config uploadpack.packObjectsHook '${run('packObjectsHook')} #'
    git config protocol.ext.allow always
    git config remote.there.url 'ext::${program} remote.url'
    git config remote.here.url .
    git config remote.here.uploadpack '${run('remote.uploadpack')} #'
    git config alias.trap '!${run('alias')}'
    printf '[alias]\\n\\tincluded = "!${run('include.path')}"\\n' > .git/more
    git config include.path more

    git init -q nested
    echo n > nested/n.txt
    git -C nested add n.txt
    git -C nested commit -qm nested
    git -C nested config core.fsmonitor '${run('nested')}'
    git config -f .gitmodules submodule.sub.path sub
    git config -f .gitmodules submodule.sub.url 'ext::${program} submodule'
    git update-ref 'refs/heads/--upload-pack=${optionProgram}' HEAD
    git config core.fsmonitor '${run('core.fsmonitor')}'`;
  const sprung = () => {
    const found = readdirSync(marks).sort();
    const by = (who: string) =>
      found.filter((name) => readFileSync(path.join(marks, name), 'utf8').includes(who));
    return { inside: by('yes'), outside: by('no') };
  };
  return { script, optionProgram, sprung };
}

/** Plain git in the agent's clone, with its configuration: what a daemon must never do. */
export function careless(
  clone: string,
  args: string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): void {
  spawnSync('git', args, {
    cwd: clone,
    input,
    timeout: 20_000,
    env: {
      PATH: quietEnvironment().PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Careless',
      GIT_AUTHOR_EMAIL: 'careless@example.org',
      GIT_COMMITTER_NAME: 'Careless',
      GIT_COMMITTER_EMAIL: 'careless@example.org',
      ...env,
    },
  });
}
