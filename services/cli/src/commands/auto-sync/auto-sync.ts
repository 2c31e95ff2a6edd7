import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { forgetUnused } from '@coffee-roadmap/shared/remotes/known-remotes';
import { parseRemoteName } from '@coffee-roadmap/shared/remotes/remote-name';
import {
  LEAST_EVERY_S,
  readAutoSync,
  saveAutoSync,
  type AutoSync,
} from '@coffee-roadmap/shared/roads/auto-sync';
import { ROAD_NAMES, roadsInOrder } from '@coffee-roadmap/shared/roads/registry';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addNoun, addVerb, collect, parseSeconds } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { registerRun } from './run';

interface OnOptions extends CommonOptions {
  order?: string;
  /** False: from nobody any more. */
  fetch?: string[] | false;
  every?: number;
}

export function registerAutoSync(program: Command, context: Context): void {
  const noun = addNoun(program, 'auto-sync', 'send and fetch in the background', {
    examples: ['auto-sync on', 'auto-sync on --order http,direct --fetch devbox'],
  });
  addVerb(noun, 'on', 'send by the first road that works, each time anew', {
    examples: ['auto-sync on', 'auto-sync on --order direct,http --every 10m --fetch devbox'],
  })
    .option('--order <roads>', `in which they are tried: ${ROAD_NAMES.join(',')}`)
    .option(
      '--fetch <remote>',
      'also fetch from it over ssh; once for each, in place of all',
      collect,
    )
    .option('--no-fetch', 'fetch from none over ssh any more')
    .option('--every <time>', 'how often, as 5m', parseSeconds)
    .action((options: OnOptions) => {
      const config = context.config();
      requireIdentity(config.paths);
      const order = options.order?.split(',').map((name) => name.trim());
      roadsInOrder(config, order ?? []);
      if (options.every !== undefined && options.every < LEAST_EVERY_S)
        throw new AppError('invalid_input', `at most every ${LEAST_EVERY_S} seconds`);
      const before = readAutoSync(config.paths).fetch;
      const settings = saveAutoSync(config.paths, {
        on: true,
        ...(order === undefined ? {} : { order }),
        ...(options.fetch === undefined
          ? {}
          : { fetch: (options.fetch || []).map(parseRemoteName) }),
        ...(options.every === undefined ? {} : { every_s: options.every }),
      });
      const dropped = before.filter((name) => !settings.fetch.includes(name));
      if (dropped.length > 0) forgetUnused(config.paths, dropped);
      const out = context.output(options);
      out.result(settings, () => describe(settings));
      out.say('Next: coffee-roadmap service install runs it in the background.');
    });
  addVerb(noun, 'off', 'send and fetch only when asked', { examples: ['auto-sync off'] }).action(
    (options: CommonOptions) => {
      const settings = saveAutoSync(context.config().paths, { on: false });
      const out = context.output(options);
      out.result(settings, () => describe(settings));
      out.say('A service that is installed waits until it is on again; service remove ends it.');
    },
  );
  addVerb(noun, 'status', 'whether it is on, and in which order', {
    examples: ['auto-sync status'],
    isDefault: true,
  }).action((options: CommonOptions) => {
    const settings = readAutoSync(context.config().paths);
    context.output(options).result(settings, () => describe(settings));
  });
  registerRun(noun, context);
}

const everyText = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;

function describe({ on, order, fetch, every_s }: AutoSync): string {
  if (!on) return 'Auto-sync is off.';
  const roads = (order.length === 0 ? ROAD_NAMES : order).join(', then ');
  const lines = [`Auto-sync is on, every ${everyText(every_s)}: sends by ${roads}.`];
  if (fetch.length > 0) lines.push(`Fetches from ${fetch.join(', ')}.`);
  return lines.join('\n');
}
