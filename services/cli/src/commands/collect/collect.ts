import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { asCollector, watcherOf } from '@coffee-roadmap/shared/transcripts/collect/collector-lock';
import type { CollectSummary } from '@coffee-roadmap/shared/transcripts/collect/summary';
import { watchTranscripts } from '@coffee-roadmap/shared/transcripts/collect/watch';
import { findRoots } from '@coffee-roadmap/shared/transcripts/find-roots';
import { isCopied, requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { collectHooks } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import type { Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { stripEscapes } from '../../terminal/strip-escapes';
import { COPIED } from '../machine/init';
import { collectOnce, openCollector } from './open-collector';
import { count } from '../../words';
import { renderSummary } from './render-summary';

/** Between two looks at what hooks wrote. */
const HOOKS_MS = 1_000;

interface CollectOptions extends CommonOptions {
  watch?: boolean;
  threads?: number;
}

export function registerCollect(program: Command, context: Context): void {
  addVerb(program, 'collect', 'read Claude Code’s transcripts into this machine’s spool', {
    examples: ['collect', 'collect --watch'],
  })
    .option('--watch', 'go on: a new line is in the spool within a second')
    .option('--threads <n>', 'threads to read with', wholeNumber(1))
    .action((options: CollectOptions) =>
      options.watch === true ? follow(context, options) : once(context, options),
    );
}

async function once(context: Context, options: CollectOptions): Promise<void> {
  const out = context.output(options);
  const interrupts = holdInterrupts();
  try {
    const summary = await collectOnce(context, { ...options, signal: interrupts.signal });
    if (summary === undefined) {
      const pid = watcherOf(context.config().paths)?.pid ?? null;
      const text = `Process ${pid ?? '?'} of this machine watches and keeps the spool up to date.`;
      return out.result({ watched_by: pid }, () => text);
    }
    out.result(summary, () => renderSummary(summary));
    for (const { file, problem } of summary.problems)
      out.say(stripEscapes(`warning: ${file}: ${problem}`));
    interrupts.check('What was read is kept; the next collect goes on from there.');
  } finally {
    interrupts.end();
  }
}

async function follow(context: Context, options: CollectOptions): Promise<void> {
  const config = context.config();
  const out = context.output(options);
  const identity = requireIdentity(config.paths);
  if (isCopied(config.paths, identity)) out.say(COPIED);
  const interrupts = holdInterrupts();
  const onPass = (summary: CollectSummary): void => {
    for (const { file, problem } of summary.problems)
      out.say(stripEscapes(`warning: ${file}: ${problem}`));
    if (summary.records > 0) out.event(summary, () => `${timeNow()}  ${renderSummary(summary)}`);
  };
  const hooks = (): void => {
    try {
      const { records } = collectHooks(config.paths, identity);
      const told = (): string => `${timeNow()}  ${count(records, 'record')} from hooks`;
      if (records > 0) out.event({ hook_records: records }, told);
    } catch (error) {
      out.say(stripEscapes(`warning: hooks: ${messageOf(error)}`));
    }
  };
  let looking: NodeJS.Timeout | undefined;
  try {
    const turn = await asCollector(config.paths, 'watch', () => {
      out.say('watching; Ctrl-C ends it');
      const roots = (): string[] => findRoots(config.env);
      looking = setInterval(hooks, HOOKS_MS);
      return watchTranscripts(openCollector(config, options.threads), {
        roots,
        onPass,
        signal: interrupts.signal,
      });
    });
    if ('done' in turn) return;
    throw new AppError(
      'conflict',
      `process ${turn.watchedBy.pid} of this machine watches already`,
      {
        hint: 'coffee-roadmap service status shows whether it is the service.',
      },
    );
  } finally {
    clearInterval(looking);
    interrupts.end();
  }
}

const timeNow = (): string => new Date().toISOString().slice(11, 19);
