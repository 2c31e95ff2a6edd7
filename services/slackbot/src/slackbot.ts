import { openSession } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createApp, type BotIdentity } from './app';
import { failureOf, WebClient } from './bolt';
import type { SlackConfig } from './config';
import { startDelivery } from './delivery/delivery';
import { createSlackMessages } from './delivery/slack-messages';
import type { Health } from './health';
import { log, packageLogger } from './log';
import { createIncoming } from './receiver';

export interface Slackbot {
  stop(): Promise<void>;
}

const CALL_TIMEOUT_MS = 10_000;

/** Connects to the database and to Slack, and works until stopped. Throws what makes a start impossible. */
export async function startSlackbot(config: SlackConfig, health: Health): Promise<Slackbot> {
  const session = await persist(() => openSession(config.url, 'slackbot'));
  const client = createClient(config);
  const identity = await introduce(client, config);
  const delivery = startDelivery({
    session,
    config,
    messages: createSlackMessages(client, session.me.id),
    instance: randomUUID(),
    log,
  });
  const listener = await session.listen({
    channels: ['coffee_notifications'],
    pollMs: config.pollMs,
    onHint: () => delivery.wake(),
  });
  const incoming = createIncoming(config, (connected) => {
    health.set(connected ? 'connected' : 'disconnected');
    log('info', connected ? 'connected to Slack' : 'not connected to Slack');
  });
  const context = { session, client, config, log, wake: () => delivery.wake() };
  const app = createApp(context, incoming.receiver, identity);
  await incoming.start();
  log('info', `${session.me.name} serves Slack`);
  return {
    async stop() {
      await app.stop();
      await listener.close();
      await delivery.stop();
      await session.close();
    },
  };
}

/**
 * A call is never repeated by the client itself: a message whose receipt was lost would be posted
 * twice. Rate limits come back as errors, so that the delivery waits and clicks do not.
 */
function createClient({ botToken, apiUrl }: SlackConfig): WebClient {
  return new WebClient(botToken, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
    logger: packageLogger(log),
  });
}

/** Who the bot is in Slack. Waits while Slack does not answer; a wrong token ends the start. */
async function introduce(client: WebClient, { botToken }: SlackConfig): Promise<BotIdentity> {
  for (let delayMs = 1_000; ; delayMs = Math.min(delayMs * 2, 60_000)) {
    try {
      const me = await client.auth.test();
      return { botToken, botId: me.bot_id, botUserId: me.user_id, teamId: me.team_id };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused') {
        throw new AppError('not_configured', `Slack refuses the bot token: ${failure.error}`, {
          hint: 'Copy it again from OAuth & Permissions; docs/slack.md.',
        });
      }
      log('warn', 'Slack does not answer; trying again');
      await pause(failure.kind === 'later' ? failure.ms : delayMs);
    }
  }
}
