import { saveToken, tokenFile } from '@coffee-roadmap/shared/gist/token';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';

export function registerSetToken(gist: Command, context: Context): void {
  addVerb(gist, 'set-token [token]', 'keep a GitHub token with the right “gist”', {
    examples: ['gist set-token', 'gist set-token < token.txt'],
  }).action(async (argument: string | undefined, options: CommonOptions) => {
    const out = context.output(options);
    if (argument !== undefined)
      out.say('warning: as an argument a token is in the shell’s history and in process lists.');
    const token = argument ?? (await context.prompt(options).secret('GitHub token (not shown):'));
    const kept = await keepToken(context, token.trim(), out.say);
    out.result({ kept }, () => `Kept in the ${kept === 'file' ? 'file' : 'system’s key store'}.`);
  });
}

export async function keepToken(
  context: Context,
  token: string,
  say: (text: string) => void,
): Promise<'key store' | 'file'> {
  const kept = await saveToken(context.config(), token);
  if (kept === 'file') {
    say(
      `warning: there is no key store here; the token stands in ${tokenFile(context.config())}, readable by you alone.`,
    );
  }
  return kept;
}
