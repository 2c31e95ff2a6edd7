import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { countSpool, type SpoolCounts } from '@coffee-roadmap/shared/phrases/count-spool';
import { uploadDays } from '@coffee-roadmap/shared/phrases/upload-days';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { withProgress } from '../../terminal/progress';
import { count } from '../../words';
import { collectOnce } from '../collect/open-collector';
import { renderDays } from './render-days';

interface BackfillOptions extends CommonOptions {
  upload?: string;
  workstation?: string;
}

const SECRET = `
--upload needs the secret of that server: COFFEE_ROADMAP_UPLOAD_SECRET, or a
line of standard input, or what you type when asked. Ours is made by
  coffee-roadmap machines token create --upload`;

export function registerBackfill(phrases: Command, context: Context): void {
  addVerb(
    phrases,
    'backfill',
    'count all transcripts of this machine, and what is recorded of older ones',
    {
      examples: ['phrases backfill', 'phrases backfill --upload https://counter.example.org'],
    },
  )
    .option('--upload <url>', 'SET each day at a server with POST /api/set')
    .option('--workstation <name>', 'what the server calls this machine; its label if not said')
    .addHelpText('after', SECRET)
    .action((options: BackfillOptions) => backfill(context, options));
}

async function backfill(context: Context, options: BackfillOptions): Promise<void> {
  const out = context.output(options);
  const { paths } = context.config();
  const { label } = requireIdentity(paths);
  const interrupts = holdInterrupts();
  try {
    await collectOnce(context, { signal: interrupts.signal });
    interrupts.check('What was read is kept; the next run goes on from there.');
    const counts = countSpool(paths);
    if (options.upload === undefined)
      return out.result({ days: counts.days }, () => renderDays(out, counts.days));
    const result = await upload(context, options, counts, label, interrupts.signal);
    interrupts.check('What was sent is there. Run it again; nothing is counted twice.');
    const { sent, kept } = result;
    out.result({ days: counts.days, ...result }, () =>
      [
        renderDays(out, counts.days),
        '',
        `${count(sent, 'day')} sent${kept > 0 ? `; the server has as much or more of ${count(kept, 'day')}` : ''}.`,
      ].join('\n'),
    );
  } finally {
    interrupts.end();
  }
}

async function upload(
  context: Context,
  options: BackfillOptions,
  { days, pruned }: SpoolCounts,
  label: string,
  signal: AbortSignal,
): Promise<{ workstation_id: string; sent: number; kept: number }> {
  const given = context.config().env.settings.upload_secret;
  const secret =
    given ?? (await context.prompt(options).secret('The server’s secret (not shown):'));
  if (secret.trim() === '') throw new AppError('invalid_input', 'the secret is empty');
  const workstation = options.workstation ?? label;
  // What was pruned may be half of the first day, and a SET would make it less.
  const whole = pruned ? days.slice(1) : days;
  const result = await withProgress(context.streams.stderr, 'sending', (progress) =>
    uploadDays({
      url: options.upload!,
      secret: secret.trim(),
      workstation,
      days: whole,
      signal,
      onDay: (done) => progress.update(`sending: ${done} of ${count(whole.length, 'day')}`),
    }),
  );
  return { workstation_id: workstation, ...result };
}
