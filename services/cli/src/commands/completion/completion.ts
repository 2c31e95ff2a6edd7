import { Argument, type Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { completionScript, SHELLS, type Shell } from './scripts';
import { listPaths } from './paths';

export function registerCompletion(program: Command, context: Context): void {
  addVerb(program, 'completion', 'a script that lets bash, zsh or fish complete commands', {
    examples: [
      'completion bash >> ~/.bashrc',
      'completion zsh >> ~/.zshrc',
      'completion fish >> ~/.config/fish/config.fish',
    ],
  })
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell, options: CommonOptions) => {
      const script = completionScript(shell, listPaths(program));
      const out = context.output(options);
      if (out.json) out.result({ shell, script }, () => '');
      else out.raw(script);
    });
}
