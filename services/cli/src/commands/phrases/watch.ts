import { patternsIn, type PhraseDay } from '@coffee-roadmap/shared/phrases/days';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { findPushSettings } from '@coffee-roadmap/shared/imports/push-settings';
import { pushSpool } from '@coffee-roadmap/shared/imports/push-spool';
import type { Reporter } from '@coffee-roadmap/shared/imports/queries';
import { findIdentity } from '@coffee-roadmap/shared/machines/identity';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { follow } from '../../follow';
import { VERSION } from '../../version';
import { count } from '../../words';
import { collectOnce } from '../collect/open-collector';
import { openReporter } from '../push/open-reporter';
import { FIRST, readDisplayNames, type DisplayNames } from './display-names';
import { readToday } from './today';

interface WatchOptions extends CommonOptions {
  everyone?: boolean;
}

/** As often as the older counter looked. */
const EVERY_MS = 2_000;

export function registerWatch(phrases: Command, context: Context): void {
  addVerb(phrases, 'watch', 'today’s counts as they grow, a line at each change, until Ctrl-C', {
    examples: ['phrases watch', 'phrases watch --json'],
    ndjson: true,
  })
    .option('--everyone', 'over everybody who shares this database')
    .action((options: WatchOptions) =>
      withOwnSession(context, options, (session) => watch(context, options, session)),
    );
}

async function watch(
  context: Context,
  options: WatchOptions,
  session: Session<'person'>,
): Promise<void> {
  const out = context.output(options);
  const names = await readDisplayNames(context, session);
  const reporter: Reporter =
    findPushSettings(context.config()) === undefined ? { session } : await openReporter(context);
  let last: PhraseDay | undefined;
  try {
    await follow<never>(session, {
      channels: ['coffee_progress'],
      pollMs: EVERY_MS,
      say: out.say,
      async refresh() {
        await sendOwn(context, reporter);
        const today = await readToday(session, options);
        if (last === undefined || !same(last, today)) {
          const before = last?.day === today.day ? last : undefined;
          out.event({ at: new Date(), ...today }, () => lineOf(today, before, names));
        }
        last = today;
        return undefined;
      },
    });
  } finally {
    if (reporter.session !== session) await reporter.session.close();
  }
}

/** What this machine has written meanwhile; a machine without an identity only looks on. */
async function sendOwn(context: Context, reporter: Reporter): Promise<void> {
  const { paths } = context.config();
  const identity = findIdentity(paths);
  if (identity === undefined) return;
  await collectOnce(context);
  await pushSpool(reporter, { paths, identity, programVersion: VERSION });
}

const same = (one: PhraseDay, other: PhraseDay): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** `14:03:22  Perfect! 3 (+1)  You are right 2  of 45 messages`. */
function lineOf(today: PhraseDay, before: PhraseDay | undefined, names: DisplayNames): string {
  const clock = new Date().toLocaleTimeString('en-GB');
  const parts = patternsIn([today], FIRST).flatMap((name) => {
    const n = Number(today[name] ?? 0);
    const more = before === undefined ? 0 : n - Number(before[name] ?? 0);
    return n === 0 ? [] : [`${names.get(name) ?? name} ${n}${more > 0 ? ` (+${more})` : ''}`];
  });
  return [clock, ...parts, `of ${count(today.total_messages, 'message')}`].join('  ');
}
