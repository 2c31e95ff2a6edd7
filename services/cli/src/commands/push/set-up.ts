import { AppError } from '@coffee-roadmap/shared/errors';
import { checkHttpUrl, savePushSettings } from '@coffee-roadmap/shared/imports/push-settings';
import type { CommonOptions, Context } from '../../context';
import { parseDatabaseUrl } from '../../database-url';
import type { Prompt } from '../../terminal/prompt';

/**
 * Asks for both, or reads them as two lines of stdin: neither is ever an argument. Over HTTP the address
 * is no secret, and only the token is asked for.
 */
export async function setUpPush(
  context: Context,
  options: CommonOptions & { url?: string },
): Promise<void> {
  const prompt = context.prompt(options);
  if (options.url !== undefined) {
    const http_url = checkHttpUrl(options.url);
    savePushSettings(context.config(), { http_url, machine_token: await askToken(prompt) });
    return;
  }
  const url = await prompt.secret('The collector’s URL (not shown):');
  parseDatabaseUrl(url);
  const machine_token = await askToken(prompt);
  savePushSettings(context.config(), { collector_url: url.trim(), machine_token });
}

async function askToken(prompt: Prompt): Promise<string> {
  const token = (await prompt.secret('This machine’s token (not shown):')).trim();
  if (/^crm_[0-9a-f]{64}$/.test(token)) return token;
  throw new AppError('invalid_input', 'this is no machine’s token', {
    hint: 'coffee-roadmap machines token create makes one; an admin gives the collector’s URL.',
  });
}
