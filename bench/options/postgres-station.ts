import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import {
  answerNotification,
  listNotifications,
  listNotificationsById,
} from '@coffee-roadmap/shared/notifications/queries';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { passOnAnswer } from '@coffee-roadmap/shared/slack/interaction-queries';
import { writeLog } from '@coffee-roadmap/shared/tasks/log-queries';
import { ingestTraces } from '@coffee-roadmap/shared/traces/queries';
import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import { randomUUID } from 'node:crypto';
import { connect, withClient } from '../server/connect';
import { TEXT } from './measures';
import type { PostgresPlace } from './place';
import type { Kept, Station } from './station';

export const SLACK = { team: 'T1', user: 'UADA', name: 'ada' };

/** Our own: the product's functions, each process with a login of its own. */
export async function openPostgresStation(place: PostgresPlace): Promise<Station> {
  const session = await openSession(place.url, place.role, { connections: 2 });
  const daemon = session as Session<'daemon'>;
  const page = place.role === 'person' ? await connect(place.url) : undefined;
  let stop = async (): Promise<void> => undefined;

  return {
    begin: (id) => take(daemon, place, [traceEvent(id, 'begun'), callEvent(id, 'a')]),
    finish: (id) =>
      daemon.db.transaction().execute(async (transaction) => {
        const inside = { ...daemon, db: transaction };
        await take(inside, place, [traceEvent(id, 'finished', TEXT), callEvent(id, 'b')]);
        await writeLog(inside, 'info', id);
      }),
    async ask(title) {
      const { projectId, attemptId } = place;
      const asked = { projectId, attemptId, kind: 'question', title, freeText: true } as const;
      return (await notify(daemon, asked)).id;
    },
    async answer(id, answer) {
      if (place.role === 'slackbot') {
        const from = { key: randomUUID(), ...SLACK };
        const given = { notificationId: id, answer };
        return (await passOnAnswer(session as Session<'slackbot'>, from, given)).outcome === 'done';
      }
      return answerNotification(session as Session<'person'>, { id, answer, via: 'cli' }).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code !== 'conflict' && error.code !== 'CR001') throw error;
          return false;
        },
      );
    },
    openQuestions: async () =>
      (await listNotifications(session, { open: true })).map(({ id, title }) => ({ id, title })),
    answersTo: async (ids) =>
      (await listNotificationsById(session, ids))
        .filter(({ state }) => state === 'answered')
        .map(({ id, answer }) => ({ id, answer: answer! })),
    async look() {
      const sums = await page!.query(
        `select model, sum(cost_nanos), sum(output_tokens) from analytics.project_costs
         where zone = 'UTC' group by model`,
      );
      return sums.rows.length + (await listNotifications(session, { limit: 20 })).length;
    },
    async watch(changed) {
      const listener = await session.listen({
        channels: ['coffee_notifications'],
        onHint: changed,
      });
      stop = () => listener.close();
    },
    kept: () => keptIn(place),
    async close() {
      await stop();
      await page?.end();
      await session.close();
    },
  };
}

async function take(
  daemon: Session<'daemon'>,
  place: PostgresPlace,
  events: TraceEvent[],
): Promise<void> {
  for (const { status, reason } of await ingestTraces(daemon, place.attemptId!, events))
    if (status !== 'accepted') throw new Error(`an event was ${status}: ${reason}`);
}

function traceEvent(id: string, what: string, output?: string): TraceEvent {
  const timestamp = new Date().toISOString();
  return {
    ...{ id: `${id}-${what}`, type: 'trace-create', timestamp },
    body: { id, name: 'work', userId: 'ada', timestamp, input: TEXT, output },
  };
}

function callEvent(traceId: string, letter: string): TraceEvent {
  const [id, timestamp] = [`${traceId}${letter}`, new Date().toISOString()];
  return {
    ...{ id: `${id}-made`, type: 'generation-create', timestamp },
    body: {
      ...{ id, traceId, name: 'claude', model: 'claude-opus-4-5', input: TEXT, output: TEXT },
      ...{ startTime: timestamp, endTime: timestamp },
      usageDetails: { input: 1_000, output: 200 },
    },
  };
}

/** As this login sees it: a person sees no log of a daemon. */
function keptIn({ url, role }: PostgresPlace): Promise<Kept> {
  return withClient(url, async (client) => {
    const log =
      role === 'daemon'
        ? await client.query<{ message: string }>('select message from daemon.execution_log')
        : undefined;
    const { rows: traces } = await client.query<{ id: string; done: boolean; torn: number }>(
      `select t.id, t.output is not null as done,
         (case when t.output is null then 1 else 2 end) - count(g.id)::int as torn
       from coffee.traces t
       left join coffee.generations g on g.project_id = t.project_id and g.trace_id = t.id
       group by t.project_id, t.id`,
    );
    const { rows: answers } = await client.query<{ id: string; answer: string }>(
      `select id, answer from coffee.notifications where state = 'answered'`,
    );
    return {
      traces: new Map(traces.map(({ id, done }) => [id, done])),
      answers: new Map(answers.map(({ id, answer }) => [Number(id), answer])),
      torn: traces.reduce((sum, { torn }) => sum + Math.abs(torn), 0),
      logged: log && new Set(log.rows.map(({ message }) => message)),
    };
  });
}
