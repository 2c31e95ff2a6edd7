import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { removeWaitingTexts, waitingBytes } from '@coffee-roadmap/shared/texts/outbox';
import { placesOf } from '@coffee-roadmap/shared/texts/places';
import { removeTexts } from '@coffee-roadmap/shared/texts/queries';
import {
  findTextSetting,
  removeTextSetting,
  saveTextSetting,
  settingInForce,
} from '@coffee-roadmap/shared/texts/setting';
import { forgetTooOld } from '@coffee-roadmap/shared/texts/too-old';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addNoun, addVerb, yesOption } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { count } from '../../words';
import { registerListTexts } from './list';

export function registerTexts(program: Command, context: Context): void {
  const texts = addNoun(
    program,
    'texts',
    'what you write to agents, and their answers: kept if you say so',
    {
      examples: ['texts', 'texts on', 'texts off', 'texts remove'],
    },
  );
  addVerb(texts, 'status', 'whether this machine sends texts, and where to', {
    examples: ['texts status'],
    isDefault: true,
  }).action((options: CommonOptions) => tellStatus(context, options));
  addVerb(texts, 'on', 'from now on, send texts of messages to your own rows', {
    examples: ['texts on', 'texts on --yes'],
  })
    .addOption(yesOption())
    .action((options: CommonOptions) => turnOn(context, options));
  addVerb(texts, 'off', 'send none any more; those that wait are removed', {
    examples: ['texts off'],
  }).action((options: CommonOptions) => {
    const { paths } = context.config();
    removeTextSetting(paths);
    const bytes = removeWaitingTexts(paths);
    context
      .output(options)
      .result({ on: false, removed_bytes: bytes }, () =>
        [
          `No text of a message leaves this machine.${waited(bytes)}`,
          'What was sent before: coffee-roadmap texts remove takes it back.',
        ].join('\n'),
      );
  });
  registerListTexts(texts, context);
  addVerb(texts, 'remove', 'take back all texts that machines of yours have sent', {
    examples: ['texts remove', 'texts remove --yes'],
  })
    .addOption(yesOption())
    .action((options: CommonOptions) => takeBack(context, options));
}

const waited = (bytes: number): string =>
  bytes > 0 ? ` Removed what waited (${bytes} bytes).` : '';

function tellStatus(context: Context, options: CommonOptions): void {
  const config = context.config();
  const setting = findTextSetting(config.paths);
  const waiting_bytes = waitingBytes(config.paths);
  const document = { on: setting !== undefined, since: null, to: [], ...setting, waiting_bytes };
  context
    .output(options)
    .result(document, () =>
      setting === undefined
        ? 'Off: no text of a message leaves this machine.'
        : [
            `On since ${setting.since}; ${waiting_bytes} bytes wait for the next push. They go to`,
            ...setting.to.map((place) => `  ${place}`),
          ].join('\n'),
    );
}

async function turnOn(context: Context, options: CommonOptions): Promise<void> {
  const config = context.config();
  requireIdentity(config.paths);
  const to = placesOf(config);
  if (to.length === 0) {
    throw new AppError('not_configured', 'there is nowhere to send texts to', {
      hint: 'coffee-roadmap push --set-up, or coffee-roadmap login URL, comes first.',
    });
  }
  const out = context.output(options);
  out.say(explain(to));
  const agreed = await context.prompt(options).confirm('Send these texts from now on?');
  if (!agreed) throw new AppError('failed', 'nothing was changed', { hint: 'Texts stay here.' });
  removeWaitingTexts(config.paths);
  const setting = { since: new Date().toISOString(), to };
  saveTextSetting(config.paths, setting);
  forgetTooOld(config.paths);
  out.result(
    { on: true, ...setting },
    () => 'On. The next push sends what is written from now on.',
  );
}

const explain = (to: readonly string[]): string =>
  [
    'From now on these leave this machine with each push:',
    '  - what you write to agents, and what they answer you, as text,',
    '    at most 8,000 characters of each message;',
    '  - not: what was written before, thinking, tools and what they gave back,',
    '    files, what sub-agents say.',
    'Keys, tokens and passwords that look like such are masked before. The rest is',
    'sent as it is, also what you paste.',
    'They go to',
    ...to.map((place) => `  - ${place},`),
    'into rows that you alone may read: no manager, admin or daemon. Whoever runs',
    'that server, or has its backups, can read everything. No other road carries',
    'them: not sync, not a gist, not an export of this machine.',
    'To end it:       coffee-roadmap texts off',
    'To take it back: coffee-roadmap texts remove',
  ].join('\n');

async function takeBack(context: Context, options: CommonOptions): Promise<void> {
  await withOwnSession(context, options, async (session, out) => {
    const agreed = await context
      .prompt(options)
      .confirm('Remove the texts of all your machines from the database, and what waits here?');
    if (!agreed)
      throw new AppError('failed', 'nothing was removed', { hint: '--yes does not ask.' });
    const { paths } = context.config();
    // First, or it would arrive behind the others' removal.
    const removed_bytes = removeWaitingTexts(paths);
    const removed = await removeTexts(session);
    const on = settingInForce(paths) !== undefined;
    out.result({ removed, removed_bytes, still_on: on }, () =>
      [
        `Removed ${count(removed, 'text')} of messages.${waited(removed_bytes)}`,
        ...(on
          ? ['This machine goes on sending new ones: coffee-roadmap texts off ends that.']
          : []),
        'Backups made before still hold them; what waits on other machines still comes.',
      ].join('\n'),
    );
  });
}
