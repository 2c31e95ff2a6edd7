import { endLogins } from '@coffee-roadmap/db/backup/end-logins';
import { replayErasures } from '@coffee-roadmap/db/backup/replay-departures';
import { AppError } from '@coffee-roadmap/shared/errors';
import { eraseMe } from '@coffee-roadmap/shared/portability/queries';
import type { Command } from 'commander';
import { addVerb, yesOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { readErased } from '../../read-erasures';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withServer } from '../../with-server';
import { count } from '../../words';

interface EraseOptions extends CommonOptions {
  replay?: string;
}

export function registerEraseMe(program: Command, context: Context): void {
  addVerb(program, 'erase-me', 'erase your detail and end your login, for good', {
    examples: ['erase-me', 'erase-me --yes', 'erase-me --replay ~/anchors.txt'],
  })
    .option(
      '--replay <file>',
      'after a restore: erase again whom this file of anchors, or backup, names',
    )
    .addOption(yesOption())
    .action((options: EraseOptions) =>
      options.replay === undefined
        ? erase(context, options)
        : replay(context, options, options.replay),
    );
}

function erase(context: Context, options: EraseOptions): Promise<void> {
  return withSession(context, options, async (session, out) => {
    const { name } = session.me;
    if (options.yes !== true) {
      out.say(
        [
          'This erases usage, phrases, texts, events, working time, machines and links of',
          'yours, and ends your login. What you published and what was billed stays, under',
          'a pseudonym. There is no way back.',
          'Keep a copy first: coffee-roadmap export-me FOLDER.',
        ].join('\n'),
      );
      const typed = await context.prompt(options).ask(`Type your name (${name}) to erase it:`);
      if (typed !== name) {
        throw new AppError('failed', 'nothing was erased', { hint: 'That was not your name.' });
      }
    }
    const rows = await eraseMe(session, name);
    out.result({ erased: true, rows }, () =>
      [
        `Erased ${count(rows, 'row')}; your login has ended.`,
        'What machines of yours hold is theirs: remove the data folder on each.',
      ].join('\n'),
    );
  });
}

async function replay(context: Context, options: EraseOptions, file: string): Promise<void> {
  const out = context.output(options);
  const people = await readErased(context, file);
  const { erased, kept } = await withServer(context, { make: false }, async ({ url }) => {
    const again = await replayErasures(url, people);
    const logins = again.flatMap((one) => one.logins);
    return { erased: again.length, kept: await endLogins(url, logins) };
  });
  out.result({ named: people.length, erased, logins_not_ended: kept }, () =>
    [
      `${stripEscapes(file)} names ${count(people.length, 'person', 'people')}; ${erased} had come back and ${erased === 1 ? 'is' : 'are'} erased again.`,
      ...kept.map(({ login, reason }) => stripEscapes(`Login ${login} stays: ${reason}.`)),
    ].join('\n'),
  );
}
