import { saveToken, tokenFile } from '@coffee-roadmap/shared/gist/token';
import { parseTokenHost } from '@coffee-roadmap/shared/gist/token-host';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';

interface SetTokenOptions extends CommonOptions {
  host?: string;
}

export function registerSetToken(gist: Command, context: Context): void {
  addVerb(gist, 'set-token [token]', 'keep a GitHub token with the right “gist”, or one for git', {
    examples: ['gist set-token', 'gist set-token --host git.example.org < token.txt'],
  })
    .option('--host <host>', 'the token is for git over https at this host, not for GitHub')
    .action(async (argument: string | undefined, options: SetTokenOptions) => {
      const out = context.output(options);
      const host = options.host === undefined ? undefined : parseTokenHost(options.host);
      if (argument !== undefined)
        out.say('warning: as an argument a token is in the shell’s history and in process lists.');
      const question = `Token for ${host ?? 'GitHub'} (not shown):`;
      const token = argument ?? (await context.prompt(options).secret(question));
      const kept = await keepToken(context, token.trim(), out.say, host);
      out.result({ kept }, () => `Kept in the ${kept === 'file' ? 'file' : 'system’s key store'}.`);
    });
}

export async function keepToken(
  context: Context,
  token: string,
  say: (text: string) => void,
  host?: string,
): Promise<'key store' | 'file'> {
  const kept = await saveToken(context.config(), token, host);
  if (kept === 'file') {
    const { env } = context.config();
    const why =
      env.settings.keyring === 'off'
        ? 'COFFEE_ROADMAP_KEYRING is off'
        : 'there is no key store here that takes it';
    say(
      `warning: ${why}; the token stands in ${tokenFile(context.config())}, readable by you alone.`,
    );
  }
  return kept;
}
