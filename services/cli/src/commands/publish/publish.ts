import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { AppError } from '@coffee-roadmap/shared/errors';
import { listProjectNames } from '@coffee-roadmap/shared/projects/queries';
import { publish, type PublishOutcome } from '@coffee-roadmap/shared/publishing/publish';
import { listLinks, type Layer } from '@coffee-roadmap/shared/publishing/queries';
import { Option, type Command } from 'commander';
import { setTimeout as wait } from 'node:timers/promises';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { checkPublished } from './check';
import { titlesOf } from '../issues/titles-of';
import { handOver } from '../recompute/hand-over';
import { withPublishing } from './open-sessions';
import { renderOutcome } from './render-outcome';

interface PublishOptions extends CommonOptions {
  check?: boolean;
  rebuild?: boolean;
  dryRun?: boolean;
  reason?: string;
  team?: string;
  watch?: boolean;
  layer: Layer;
}

const EVERY_MS = 900_000;
const AGAIN_MS = 60_000;

export function registerPublish(program: Command, context: Context): void {
  addVerb(program, 'publish', 'tell your team the totals of your time, and nothing else', {
    examples: ['publish --dry-run', 'publish', 'publish --check', 'publish --rebuild --reason "…"'],
  })
    .option('--check', 'look whether everything is published and unchanged; exit 1 where not')
    .option('--rebuild', 'from your first day on, not only the last three months')
    .option('--dry-run', 'show what would be published, and send nothing')
    .option('--reason <text>', 'why what is closed is corrected')
    .option('--team <name>', 'only to this team')
    .option('--watch', 'go on, every quarter of an hour')
    .addOption(
      new Option('--layer <name>', 'who publishes')
        .choices(['git_hook', 'service', 'ci', 'hand'])
        .default('hand')
        .hideHelp(),
    )
    .action(async (options: PublishOptions) => {
      if (options.check === true) return checkPublished(context, options, Date.now());
      if (options.watch === true) return follow(context, { ...options, layer: 'service' });
      await publishOnce(context, options);
    });
}

async function publishOnce(context: Context, options: PublishOptions): Promise<void> {
  const out = context.output(options);
  await withPublishing(context, async ({ own, team }) => {
    // Hooks record time; somebody who never linked anything has not begun to publish.
    if (options.layer === 'git_hook' && (await listLinks(own)).length === 0) return;
    // The other layers come after a push, or beside a service that pushes.
    if (options.layer === 'hand') await handOver(context, own);
    const outcome = await publish(own, team, { ...options, now: Date.now() });
    const names = new Map((await listProjectNames(team)).map(({ id, name }) => [id, name]));
    const titles = await titlesOf(
      context,
      team,
      outcome.teams.flatMap(({ periods }) => periods.flatMap(({ lines }) => lines)),
    );
    out.result(outcome, () => renderOutcome(out, outcome, names, titles));
    const held = heldOf(outcome);
    if (held === 0 || options.layer !== 'hand') return;
    throw new AppError('conflict', 'a closed period was not changed', {
      hint: 'coffee-roadmap publish --reason "why" adds a new version of it.',
    });
  });
}

const heldOf = ({ teams }: PublishOutcome): number =>
  teams.reduce((n, { periods }) => n + periods.filter((p) => p.outcome === 'held').length, 0);

/** Until it is interrupted. What fails is said and tried again, while the database is away each minute. */
async function follow(context: Context, options: PublishOptions): Promise<void> {
  const out = context.output(options);
  const interrupts = holdInterrupts();
  const { signal } = interrupts;
  try {
    while (!signal.aborted) {
      let pauseMs = EVERY_MS;
      try {
        await withPublishing(context, async ({ own, team }) => {
          const outcome = await publish(own, team, { ...options, now: Date.now() });
          const changed = outcome.teams.flatMap((one) =>
            one.periods.filter((period) => period.outcome === 'published'),
          );
          if (changed.length > 0) {
            const periods = changed.map(({ period }) => period);
            out.event({ published: periods }, () => `published ${periods.join(', ')}`);
          }
        });
      } catch (error) {
        // Whatever it is may be mended meanwhile; ending would only start the service again at once.
        const { code, message } = toAppError(error);
        if (code === 'not_reachable') pauseMs = AGAIN_MS;
        out.say(`${message}; trying again in ${pauseMs / 1000} s`);
      }
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    interrupts.end();
  }
}
