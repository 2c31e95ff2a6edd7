import { messageOf } from '@coffee-roadmap/shared/errors';
import { onAnswerClick, onOtherClick } from './actions/answer-click';
import { onAnswerWords } from './actions/answer-words';
import { publishHome } from './actions/app-home';
import type { ActionContext } from './actions/context';
import { insist } from './actions/insist';
import { tell } from './actions/tell';
import { onMessage, type IncomingMessage } from './actions/thread-reply';
import { App, type BlockAction, type Receiver, type RespondArguments } from './bolt';
import { runRoadmapCommand } from './commands/roadmap';
import { log, packageLogger } from './log';
import { ANSWER_VIEW } from './messages/modal';

export interface BotIdentity {
  botToken: string;
  botId: string | undefined;
  botUserId: string | undefined;
  teamId: string | undefined;
}

/** Binds what people do in Slack to what is done about it. Each is acknowledged before anything else. */
export function createApp(context: ActionContext, receiver: Receiver, identity: BotIdentity): App {
  const app = new App({
    receiver,
    authorize: () => Promise.resolve(identity),
    logger: packageLogger(log),
    ...(context.config.apiUrl === undefined
      ? {}
      : { clientOptions: { slackApiUrl: context.config.apiUrl } }),
  });

  app.action<BlockAction>(/^answer_/, async ({ ack, body, action }) => {
    await ack();
    await onAnswerClick(context, body, action);
    await refreshHome(body);
  });
  app.action<BlockAction>('other', async ({ ack, body, action }) => {
    await ack();
    await onOtherClick(context, body, action);
  });
  // What is ticked counts when it is sent.
  app.action('pick', ({ ack }) => ack());

  app.view(ANSWER_VIEW, async ({ ack, body }) => {
    await ack();
    if (body.type === 'view_submission') await onAnswerWords(context, body);
  });

  app.command('/roadmap', async ({ ack, command, respond }) => {
    await ack();
    const message = await runRoadmapCommand(context, command);
    if (message === undefined) return;
    const answer: RespondArguments = { response_type: 'ephemeral', ...message };
    await insist(() => respond(answer)).catch(async (error: unknown) => {
      log('warn', `an answer to /roadmap goes another way: ${messageOf(error)}`);
      await tell(context, { channel: command.channel_id, user: command.user_id }, message);
    });
  });

  app.event('message', async ({ event, body }) => {
    await onMessage(context, event as IncomingMessage, body, identity.botUserId);
  });

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab === 'home') await publishHome(context, body.team_id, event.user);
  });

  app.error((error) => {
    log('error', messageOf(error));
    return Promise.resolve();
  });

  async function refreshHome({ user, view, team }: BlockAction): Promise<void> {
    if (view?.type === 'home') {
      await publishHome(context, user.team_id ?? team?.id ?? '', user.id);
    }
  }
  return app;
}
