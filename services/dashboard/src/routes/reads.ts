import { listDaemons } from '@coffee-roadmap/shared/daemons/queries';
import {
  listCompletions,
  listItemTimes,
  listRecentSteps,
} from '@coffee-roadmap/shared/dashboard/now-queries';
import { findItemHeader } from '@coffee-roadmap/shared/dashboard/item-queries';
import { listItemTraces } from '@coffee-roadmap/shared/dashboard/trace-queries';
import { readAnalytics } from '@coffee-roadmap/shared/dashboard/analytics-queries';
import { AppError } from '@coffee-roadmap/shared/errors';
import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { listProjects } from '@coffee-roadmap/shared/projects/queries';
import {
  listAttempts,
  listHistory,
  listItems,
  listLastSteps,
} from '@coffee-roadmap/shared/roadmap/queries';
import { Router, type Request } from 'express';
import { asPerson, idOf, type RouteContext } from './context';

const STEPS_SHOWN = 8;
const COMPLETIONS_SHOWN = 12;

export function readRoutes(context: RouteContext): Router {
  const routes = Router();
  routes.get(
    '/now',
    asPerson(context, async (session) => {
      const daemons = await listDaemons(session);
      const attempts = daemons.flatMap((daemon) => daemon.attempt_id ?? []);
      const steps = await listRecentSteps(session, attempts, STEPS_SHOWN);
      const projects = await listProjects(session);
      return {
        daemons: daemons.map((daemon) => ({
          ...daemon,
          steps: steps.get(daemon.attempt_id ?? 0) ?? [],
        })),
        questions: await listNotifications(session, { open: true }),
        told: await listNotifications(session, { limit: 30 }),
        projects: projects.map(({ id, name, items, spent_today_usd, budget_day_usd }) => ({
          ...{ id, name, items, spent_today_usd, budget_day_usd },
        })),
        completions: await listCompletions(session, COMPLETIONS_SHOWN),
      };
    }),
  );
  routes.get(
    '/roadmap',
    asPerson(context, async (session, request) => {
      const projects = await listProjects(session);
      const wanted = projects.find((project) => project.id === request.query.project);
      const project = wanted ?? projects[0];
      if (project === undefined) return { projects: [], project: null, items: [] };
      const items = await listItems(session, { projectId: project.id });
      const times = new Map(
        (await listItemTimes(session, project.id)).map((row) => [row.item_id, row.worked_s]),
      );
      return {
        projects: projects.map(({ id, name, team }) => ({ id, name, team })),
        project: project.id,
        items: items.map((item) => ({ ...item, worked_s: times.get(item.id) ?? 0 })),
      };
    }),
  );
  routes.get(
    '/items/:id',
    asPerson(context, async (session, request) => {
      const item = await findItemHeader(session, idOf(request));
      if (item === undefined) throw new AppError('not_found', 'there is no such item');
      const attempts = await listAttempts(session, item.id);
      const open = attempts.find((attempt) => attempt.ended_at === null);
      return {
        item,
        attempts,
        history: await listHistory(session, item.id),
        notifications: await listNotifications(session, { itemId: item.id, limit: 200 }),
        traces: await listItemTraces(session, item.id),
        steps: open === undefined ? [] : await listLastSteps(session, open.id, 30),
      };
    }),
  );
  routes.get(
    '/analytics',
    asPerson(context, (session, request) =>
      readAnalytics(session, { days: daysOf(request), timeZone: zoneOf(request) }),
    ),
  );
  return routes;
}

function daysOf({ query }: Request): number {
  const days = Number(query.days ?? 30);
  if (Number.isInteger(days) && days >= 1 && days <= 366) return days;
  throw new AppError('invalid_input', 'days has to be 1 to 366');
}

/** The browser's own zone. */
function zoneOf({ query }: Request): string {
  const zone = typeof query.zone === 'string' ? query.zone : 'UTC';
  if (zone.length <= 64 && /^[A-Za-z0-9_+/-]+$/.test(zone)) return zone;
  throw new AppError('invalid_input', 'zone has to be the name of a time zone');
}
