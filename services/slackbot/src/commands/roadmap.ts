import { AppError, isAppError } from '@coffee-roadmap/shared/errors';
import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { listProjectNames, type ProjectName } from '@coffee-roadmap/shared/projects/queries';
import { getItem, listAttempts, type Item } from '@coffee-roadmap/shared/roadmap/queries';
import {
  bindAccount,
  findLinkedPerson,
  passOnCommand,
  recordLook,
  type From,
  type LinkedPerson,
  type Outcome,
  type RoadmapVerb,
} from '@coffee-roadmap/shared/slack/interaction-queries';
import { listBriefItems } from '@coffee-roadmap/shared/slack/reading-queries';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import type { ActionContext } from '../actions/context';
import { fromCommand } from '../actions/from';
import { words } from '../actions/tell';
import type { SlashCommand } from '../bolt';
import { projectsOf } from '../delivery/channels';
import type { Message } from '../messages/message';
import { renderItem, renderList } from '../messages/roadmap';
import { unescape } from '../messages/text';
import { chooseProject } from './choose-project';
import { parseCommand, type RoadmapCommand } from './parse';

const HELP = [
  '/roadmap list – what is planned, in work, to review',
  '/roadmap view 2.5 – one priority',
  '/roadmap add Say hello in the reader’s language – a new priority; more lines are its text',
  '/roadmap accept 2.5 – merge what is up for review',
  '/roadmap reopen 2.5 The button is too small – plan it again, with what to do better',
  '/roadmap pause, /roadmap resume – the daemons of your teams, or the one that you name',
  '/roadmap link CODE – bind your Slack account; coffee-roadmap people link-slack prints the code',
  'Where there are several projects: -p NAME',
].join('\n');

/** How long a command is held while the database is away; Slack takes answers for half an hour. */
const PATIENCE_MS = 120_000;

/** Does what was asked, and says what is to be shown to whoever asked. Undefined for a redelivery. */
export async function runRoadmapCommand(
  context: ActionContext,
  slash: SlashCommand,
): Promise<Message | undefined> {
  const from = fromCommand(slash);
  const command = parseCommand(unescape(slash.text));
  try {
    return await persist(
      () => dispatch(context, from, command, slash.channel_id),
      AbortSignal.timeout(PATIENCE_MS),
    );
  } catch (error) {
    if (isAppError(error)) {
      await recordLook(context.session, from, { action: 'help' }).catch(() => undefined);
      return words(error.message, error.hint);
    }
    context.log('error', `/roadmap ${command.verb}: ${(error as Error).message}`);
    return words('The database does not answer.', 'Please try again in a while.');
  } finally {
    context.wake();
  }
}

async function dispatch(
  context: ActionContext,
  from: From,
  command: RoadmapCommand,
  channel: string,
): Promise<Message | undefined> {
  const { verb, rest } = command;
  if (verb === 'link') {
    const outcome = await bindAccount(context.session, from, rest);
    return say(outcome, () => `Linked: what you do here counts as ${outcome.person}’s.`);
  }
  const person = await findLinkedPerson(context.session, from.team, from.user);
  const known = verb in VERBS;
  if (!known || person === undefined) await recordLook(context.session, from, { action: 'help' });
  if (verb === '' || verb === 'help') return words(HELP);
  if (!known) return words(`There is no /roadmap ${verb}.`, HELP);
  if (person === undefined) {
    return words(
      'Your Slack account is not linked to a person here.',
      'Run coffee-roadmap people link-slack and send what it prints: /roadmap link CODE.',
    );
  }
  return VERBS[verb]!({ context, from, person, command, channel });
}

interface Asked {
  context: ActionContext;
  from: From;
  person: LinkedPerson;
  command: RoadmapCommand;
  channel: string;
}

const VERBS: Record<string, (asked: Asked) => Promise<Message | undefined>> = {
  async list(asked) {
    const project = await projectFor(asked);
    await recordLook(asked.context.session, asked.from, { action: 'list' });
    return renderList(project.name, await listBriefItems(asked.context.session, project.id));
  },
  async view(asked) {
    const { project, item } = await itemFor(asked);
    const { session } = asked.context;
    await recordLook(session, asked.from, { action: 'view' });
    const [attempts, questions] = await Promise.all([
      listAttempts(session, item.id),
      listNotifications(session, { itemId: item.id, open: true }),
    ]);
    return renderItem({ project: project.name, item, attempts, questions });
  },
  async add(asked) {
    const [title = '', ...body] = asked.command.rest.split('\n');
    if (title.trim() === '') throw new AppError('invalid_input', 'a priority needs a title');
    const project = await projectFor(asked);
    const given = { project: project.id, title: title.trim(), body: body.join('\n').trim() };
    return pass(
      asked,
      'add',
      given,
      ({ number }) => `Added ${project.name} ${number}. ${title.trim()}`,
    );
  },
  async accept(asked) {
    const { project, item } = await itemFor(asked);
    return pass(asked, 'accept', { item: item.id }, ({ state }) =>
      state === 'done'
        ? `Accepted ${project.name} ${item.number}: done.`
        : `Accepted ${project.name} ${item.number}: the daemon merges it.`,
    );
  },
  async reopen(asked) {
    const { project, item, rest } = await itemFor(asked);
    return pass(
      asked,
      'reopen',
      { item: item.id, comment: rest },
      () => `Reopened ${project.name} ${item.number}: planned again.`,
    );
  },
  pause: (asked) => tellDaemons(asked, 'pause', 'Paused'),
  resume: (asked) => tellDaemons(asked, 'resume', 'Resumed'),
};

function tellDaemons(asked: Asked, verb: 'pause' | 'resume', done: string) {
  const name = asked.command.rest === '' ? null : asked.command.rest;
  return pass(
    asked,
    verb,
    { daemon: name },
    ({ daemons }) =>
      `${done}: ${name ?? (daemons === 1 ? 'the daemon' : `${String(daemons)} daemons`)}.`,
  );
}

async function pass(
  { context, from }: Asked,
  verb: RoadmapVerb,
  given: Record<string, unknown>,
  done: (result: Record<string, unknown>) => string,
): Promise<Message | undefined> {
  return say(await passOnCommand(context.session, from, verb, given), done);
}

function say(
  outcome: Outcome,
  done: (result: Record<string, unknown>) => string,
): Message | undefined {
  if (outcome.repeated === true) return undefined;
  if (outcome.outcome === 'done') return words(done(outcome.result));
  return words(`${outcome.message}.`, outcome.hint);
}

async function projectFor({ context, person, command, channel }: Asked): Promise<ProjectName> {
  const all = await listProjectNames(context.session);
  const mine = all.filter(({ id }) => person.projects.includes(id));
  return chooseProject(mine, projectsOf(channel, mine, context.config), command.project);
}

/** `rest`: what stands behind the number. */
async function itemFor(asked: Asked): Promise<{ project: ProjectName; item: Item; rest: string }> {
  const [, number = '', rest = ''] = /^#?(\S*)\s*([^]*)$/.exec(asked.command.rest) ?? [];
  if (number === '') throw new AppError('invalid_input', 'which priority? Give its number');
  const project = await projectFor(asked);
  return { project, item: await getItem(asked.context.session, project.id, number), rest };
}
