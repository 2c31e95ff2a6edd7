import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { keepPushing } from '@coffee-roadmap/shared/imports/keep-pushing';
import { pushOverHttp } from '@coffee-roadmap/shared/imports/push-http';
import {
  findHttpSettings,
  findPushSettings,
  type HttpSettings,
} from '@coffee-roadmap/shared/imports/push-settings';
import {
  pushSpool,
  type PushOptions as SpoolOptions,
  type PushResult,
} from '@coffee-roadmap/shared/imports/push-spool';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { outcomeOf } from '@coffee-roadmap/shared/roads/outcome';
import { pushNotes } from '@coffee-roadmap/shared/roads/push-notes';
import { noteOutcome } from '@coffee-roadmap/shared/roads/road-log';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { startProgress } from '../../terminal/progress';
import { VERSION } from '../../version';
import { count } from '../../words';
import { collectOnce } from '../collect/open-collector';
import { renderCounts } from '../import/render-counts';
import { openReporter } from './open-reporter';
import { setUpPush } from './set-up';

interface PushOptions extends CommonOptions {
  watch?: boolean;
  setUp?: boolean;
  url?: string;
  collect: boolean;
}

export function registerPush(program: Command, context: Context): void {
  addVerb(program, 'push', 'send what this machine collected to the database', {
    examples: ['push', 'push --set-up', 'push --url https://coffee.example.org'],
  })
    .option('--set-up', 'ask for the collector’s URL and this machine’s token, and keep them')
    .option('--url <url>', 'over HTTP to a dashboard; with --set-up it is kept')
    .option('--watch', 'go on; while the database is away, try more and more seldom')
    .option('--no-collect', 'do not read the transcripts first')
    .action(async (options: PushOptions) => {
      const out = context.output(options);
      requireIdentity(context.config().paths);
      if (options.setUp === true) {
        await setUpPush(context, options);
        out.say('Kept in push.json, for you alone.');
      }
      if (options.watch === true) return follow(context, options);
      const result = await pushOnce(context, options);
      out.result(documentOf(result), () => render(result));
      for (const note of pushNotes(result)) out.say(`note: ${note}.`);
    });
}

const documentOf = ({ counts, anew, texts, textsKept }: PushResult): object => ({
  ...counts,
  ...{ anew, texts, texts_kept: textsKept },
});

function render({ counts, texts }: PushResult): string {
  const told = renderCounts(counts);
  return texts === 0
    ? told
    : `${told}\n${count(texts, 'text')} of messages among them, for you alone.`;
}

async function pushOnce(context: Context, options: PushOptions): Promise<PushResult> {
  const { paths } = context.config();
  if (options.collect) await collectOnce(context);
  const progress = startProgress(context.streams.stderr, 'sending');
  let road = 'direct';
  try {
    const work = {
      paths,
      identity: requireIdentity(paths),
      programVersion: VERSION,
      onProgress: (records: number) => progress.update(`sending: ${records} records`),
    };
    const http = httpSettings(context, options);
    if (http !== undefined) road = 'http';
    const result = http ? await pushOverHttp(http, work) : await pushDirectly(context, work);
    noteOutcome(paths, road, {
      ...{ state: 'done', sent: 0, counts: result.counts },
      notes: pushNotes(result),
    });
    return result;
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code !== 'not_configured') noteOutcome(paths, road, outcomeOf(failure));
    throw failure;
  } finally {
    progress.stop();
  }
}

async function pushDirectly(context: Context, work: SpoolOptions): Promise<PushResult> {
  const reporter = await openReporter(context);
  try {
    return await pushSpool(reporter, work);
  } finally {
    await reporter.session.close();
  }
}

/** Where an address was said, or where it is all that is set up. */
function httpSettings(context: Context, { url }: PushOptions): HttpSettings | undefined {
  const config = context.config();
  if (url !== undefined) return findHttpSettings(config, url);
  return findPushSettings(config) === undefined ? findHttpSettings(config) : undefined;
}

async function follow(context: Context, options: PushOptions): Promise<void> {
  const out = context.output(options);
  const interrupts = holdInterrupts();
  try {
    await keepPushing({
      push: () => pushOnce(context, options),
      onPushed: (result) => {
        if (result.counts.inserted + result.counts.revised + result.counts.refused > 0)
          out.event(documentOf(result), () => render(result));
      },
      onAway: (message, pauseMs) => out.say(`${message}; trying again in ${pauseMs / 1000} s`),
      signal: interrupts.signal,
    });
  } finally {
    interrupts.end();
  }
}
