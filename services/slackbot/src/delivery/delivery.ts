import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { messageOf } from '@coffee-roadmap/shared/errors';
import { expireNotifications } from '@coffee-roadmap/shared/questions/queries';
import {
  claimOutboxRow,
  enqueueDigest,
  enqueueNotifications,
  nextTryMs,
  postponeOutboxRow,
  type OutboxRow,
} from '@coffee-roadmap/shared/slack/outbox-queries';
import { failureOf } from '../bolt';
import { readChannels } from './channels';
import type { DeliveryContext } from './context';
import { deliverRow } from './deliver-row';
import { digestDue } from './digest-time';
import { refreshMessages } from './refresh';

export interface Delivery {
  /** There may be something to do. */
  wake(): void;
  /** Ends after what is under way. */
  stop(): Promise<void>;
}

const LONGEST_DELAY_MS = 300_000;
const AFTER_FAILURE_MS = 1_000;

/** The one loop that posts: what is new, what has to be tried again, what has to be changed. */
export function startDelivery(context: DeliveryContext): Delivery {
  const { session, config, instance, log } = context;
  let stopped = false;
  let news = true;
  let blockedUntil = 0; // by performance.now(): somebody may set the clock of the day
  let rouse = (): void => undefined;

  function wake(): void {
    news = true;
    rouse();
  }

  /** Milliseconds until it has to look again by itself. */
  async function round(): Promise<number> {
    const wait = blockedUntil - performance.now();
    if (wait > 0) return wait;
    await expireNotifications(session);
    const channels = await readChannels(session, config);
    await enqueueNotifications(session, channels);
    const day = digestDue(new Date(), config.digestHour, config.timeZone);
    if (day !== undefined) {
      const all = [...Object.values(channels.projects), channels.default ?? []].flat();
      await enqueueDigest(session, day, [...new Set(all)]);
    }
    while (!stopped && blockedUntil <= performance.now()) {
      const row = await claimOutboxRow(session, instance, config.leaseMs);
      if (row === undefined) break;
      await deliver(row);
    }
    if (blockedUntil <= performance.now()) await refresh();
    const next = Math.max(
      (await nextTryMs(session)) ?? config.pollMs,
      blockedUntil - performance.now(),
      10,
    );
    return Math.min(next, config.pollMs);
  }

  async function deliver(row: OutboxRow): Promise<void> {
    try {
      await deliverRow(context, row);
    } catch (error) {
      if (toAppError(error).code === 'not_reachable') throw error; // the row comes back with its lease
      await postpone(row, error);
    }
  }

  async function postpone(row: OutboxRow, error: unknown): Promise<void> {
    const failure = failureOf(error);
    let delayMs = Math.min(AFTER_FAILURE_MS * 2 ** Math.min(row.tries - 1, 10), LONGEST_DELAY_MS);
    if (failure.kind === 'later') {
      delayMs = failure.ms;
      blockedUntil = performance.now() + failure.ms;
    }
    const problem = failure.kind === 'refused' ? explain(failure.error) : messageOf(error);
    log('warn', `channel ${row.channel}: ${problem}; again in ${Math.ceil(delayMs / 1000)} s`);
    await postponeOutboxRow(session, instance, { id: row.id, delayMs, problem });
  }

  async function refresh(): Promise<void> {
    try {
      await refreshMessages(context);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== 'later') throw error;
      blockedUntil = performance.now() + failure.ms;
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      news = false;
      const delayMs = await round().catch((error: unknown) => {
        log('warn', `delivery: ${messageOf(error)}`);
        return AFTER_FAILURE_MS;
      });
      if (news || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delayMs);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const running = run();
  return {
    wake,
    async stop() {
      stopped = true;
      rouse();
      await running;
    },
  };
}

/** What to do about what Slack refuses. */
function explain(error: string): string {
  const hints: Record<string, string> = {
    channel_not_found: 'invite the bot into it, or mend the channel’s id',
    not_in_channel: 'invite the bot into it: /invite @coffee-roadmap',
    is_archived: 'the channel is archived: choose another',
    missing_scope: 'reinstall the app with manifest.json',
    invalid_auth: 'the bot token is not valid any more',
    account_inactive: 'the bot token is not valid any more',
  };
  const hint = hints[error];
  return hint === undefined ? error : `${error}: ${hint}`;
}
