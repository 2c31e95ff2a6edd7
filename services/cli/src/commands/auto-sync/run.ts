import { AppError } from '@coffee-roadmap/shared/errors';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { readAutoSync } from '@coffee-roadmap/shared/roads/auto-sync';
import { pushByFirstRoad } from '@coffee-roadmap/shared/roads/first-road';
import { ROAD_NAMES, roadsInOrder } from '@coffee-roadmap/shared/roads/registry';
import type { RoadOutcome, RoadRun } from '@coffee-roadmap/shared/roads/road';
import { noteOutcome } from '@coffee-roadmap/shared/roads/road-log';
import type { Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { stripEscapes } from '../../terminal/strip-escapes';
import { VERSION } from '../../version';
import { collectOnce } from '../collect/open-collector';
import { renderCounts } from '../import/render-counts';
import { failureOf, syncDocument } from '../sync/remote-outcome';
import { receive, WORKING_TIME, type Round } from './receive';

interface RunOptions extends CommonOptions {
  watch?: boolean;
}

export function registerRun(noun: Command, context: Context): void {
  addVerb(noun, 'run', 'one round now; the service runs it with --watch', {
    examples: ['auto-sync run', 'auto-sync run --watch'],
    ndjson: true,
  })
    .option('--watch', 'go on, until auto-sync is off')
    .action(async (options: RunOptions) => {
      const out = context.output(options);
      const interrupts = holdInterrupts();
      const { signal } = interrupts;
      try {
        if (options.watch !== true) {
          const round = await runRound(context, signal);
          const failure = failureIn(round);
          out.result(documentOf(round), () => describe(round, failure));
          if (failure !== undefined) throw failure;
          return;
        }
        let before = '';
        while (!signal.aborted && readAutoSync(context.config().paths).on) {
          try {
            const round = await runRound(context, signal);
            const said = describe(round);
            if (said !== before) out.event(documentOf(round), () => said);
            before = said;
          } catch (error) {
            // A full disk, a file that cannot be read: the next round may find it otherwise.
            const { message } = toAppError(error);
            if (message !== before && !signal.aborted) out.say(stripEscapes(message));
            before = message;
          }
          const { every_s } = readAutoSync(context.config().paths);
          await wait(every_s * 1000, undefined, { signal }).catch(() => undefined);
        }
      } finally {
        interrupts.end();
      }
    });
}

async function runRound(context: Context, signal: AbortSignal): Promise<Round> {
  const config = context.config();
  const { order, fetch } = readAutoSync(config.paths);
  await collectOnce(context, { signal });
  const run: RoadRun & { signal: AbortSignal } = {
    paths: config.paths,
    identity: requireIdentity(config.paths),
    programVersion: VERSION,
    signal,
  };
  const roads = roadsInOrder(config, order.length === 0 ? ROAD_NAMES : order);
  const sent = await pushByFirstRoad(roads, run);
  const last = sent.at(-1);
  const taken =
    last?.outcome.state === 'done' ? roads.find(({ name }) => name === last.road) : undefined;
  const { attempts: received, remotes } = await receive(context, taken, fetch, run);
  const attempts = [...sent, ...received];
  const at = new Date();
  for (const { road, outcome } of attempts)
    if (road !== WORKING_TIME && (outcome.state === 'done' || !signal.aborted))
      noteOutcome(config.paths, road, outcome, at);
  return { attempts, remotes };
}

const documentOf = ({ attempts, remotes }: Round): object => ({
  attempts: attempts.map(({ road, outcome }) => ({ road, ...outcome })),
  ...syncDocument(remotes),
});

/** Much of it is what others said. */
const shown = (line: string): string => (line.startsWith('  ') ? '  ' : '') + stripEscapes(line);

/** `told`: what the command ends with, which says of a single failure all that there is. */
function describe({ attempts, remotes }: Round, told?: AppError): string {
  const lines = attempts.flatMap(({ road, outcome }) => {
    if (outcome.state === 'done')
      return [
        `${road}: ${renderCounts(outcome.counts)}`,
        ...outcome.notes.map((note) => `  ${note}`),
      ];
    return outcome.state === 'not_set_up' || told?.message.endsWith(outcome.reason) === true
      ? []
      : [`${road}: ${outcome.reason}`];
  });
  const fetched = remotes.flatMap((remote) => {
    if (remote.state === 'done') return [`${remote.remote}: ${renderCounts(remote.result.counts)}`];
    const { message } = remote.error;
    if (remote.error === told) return [];
    return [message.startsWith(`${remote.remote} `) ? message : `${remote.remote}: ${message}`];
  });
  const all = [...lines, ...fetched].map(shown);
  return all.length > 0 || told !== undefined ? all.join('\n') : 'No road is set up.';
}

/** Where nothing could be sent although it should, a remote failed, or working time is not computed. */
function failureIn({ attempts, remotes }: Round): AppError | undefined {
  const failed = failureOf(remotes);
  if (failed !== undefined) return failed;
  const computed = attempts.find(({ road }) => road === WORKING_TIME)?.outcome;
  if (computed !== undefined && computed.state !== 'done')
    return errorOf(computed, 'working time is not computed');
  if (attempts.some(({ outcome }) => outcome.state === 'done')) return undefined;
  const told = attempts.find(({ outcome }) => outcome.state !== 'not_set_up') ?? attempts[0];
  if (told === undefined || told.outcome.state === 'done') return undefined;
  return errorOf(told.outcome, `no road works: ${told.road}`);
}

function errorOf(
  { state, reason, hint }: Exclude<RoadOutcome, { state: 'done' }>,
  what: string,
): AppError {
  const code = state === 'unreachable' ? 'not_reachable' : 'failed';
  return new AppError(code, `${what}: ${reason}`, { hint });
}
