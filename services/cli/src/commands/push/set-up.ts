import { AppError } from '@coffee-roadmap/shared/errors';
import { savePushSettings } from '@coffee-roadmap/shared/imports/push-settings';
import type { CommonOptions, Context } from '../../context';
import { parseDatabaseUrl } from '../../database-url';

/** Asks for both, or reads them as two lines of stdin: neither is ever an argument. */
export async function setUpPush(context: Context, options: CommonOptions): Promise<void> {
  const prompt = context.prompt(options);
  const url = await prompt.secret('The collector’s URL (not shown):');
  parseDatabaseUrl(url);
  const token = await prompt.secret('This machine’s token (not shown):');
  if (!/^crm_[0-9a-f]{64}$/.test(token.trim()))
    throw new AppError('invalid_input', 'this is no machine’s token', {
      hint: 'coffee-roadmap machines token create makes one; an admin gives the collector’s URL.',
    });
  savePushSettings(context.config(), { collector_url: url.trim(), machine_token: token.trim() });
}
