import { recordExport } from '@coffee-roadmap/shared/audit/queries';
import { parseExchange } from '@coffee-roadmap/shared/billing/exchange';
import { loadMonth } from '@coffee-roadmap/shared/billing/load-month';
import { parseMonth } from '@coffee-roadmap/shared/billing/month';
import { listBillingSettings } from '@coffee-roadmap/shared/billing/queries';
import { totalsOf } from '@coffee-roadmap/shared/billing/report';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { listInsights } from '@coffee-roadmap/shared/insights/queries';
import { loadLocalTitles } from '@coffee-roadmap/shared/issues/local/queries';
import { findTeamId } from '@coffee-roadmap/shared/projects/queries';
import { listPublishingHealth } from '@coffee-roadmap/shared/publishing/queries';
import { Router } from 'express';
import { asPerson, textOf, type RouteContext } from './context';

/** What a manager bills: the lines of the report, what the team is told of the month, and how publishing goes. */
export function billingRoutes(context: RouteContext): Router {
  const routes = Router();
  routes.get(
    '/billing',
    asPerson(context, async (session, { query }) => {
      const teams = session.me.manages;
      const team = managedTeam(session, query.team);
      const month = String(query.month);
      const { first, next } = parseMonth(month);
      const teamId = await findTeamId(session, team);
      if (teamId === undefined) throw new AppError('not_found', 'there is no such team');
      const period = { teamId, from: first, to: next };
      const { lines, projects, asked } = await loadMonth(session, period, (currency) =>
        parseExchange(
          {
            rate: textIn(query[`exchange_${currency}`]),
            name: textIn(query[`exchange_name_${currency}`]),
          },
          `Say what one USD is worth in ${currency}, such as 0.9215, and who says so.`,
        ),
      );
      const issues = [...new Set(lines.map(({ issue }) => issue))];
      const settings = new Map(
        (await listBillingSettings(session)).map((one) => [one.project_id, one]),
      );
      const insights = await listInsights(session, teamId);
      const health = await listPublishingHealth(session);
      return {
        ...{ month, teams, team, asked, totals: totalsOf(lines) },
        titles: Object.fromEntries(await loadLocalTitles(session, issues)),
        unpriced: lines.filter(({ amount }) => amount === null).length,
        projects: projects.map((group) => {
          const [line] = group.lines;
          return {
            ...group,
            currency: line!.currency,
            rounding: line!.rounding,
            total: totalsOf(group.lines)[0]?.amount ?? '0.00',
            budget: settings.get(line!.project_id)?.budget ?? null,
          };
        }),
        insights: insights.filter(({ first_day: day }) => day >= first && day < next),
        health: health.filter((one) => one.team === team),
      };
    }),
  );
  // The browser makes the file of what it shows; it asks here first, so that the trail has it.
  routes.post(
    '/billing/exports',
    asPerson(context, async (session, request) => {
      const team = managedTeam(session, textOf(request, 'team'));
      const { first, next } = parseMonth(textOf(request, 'month', 7));
      const about = { team, client: null, from: first, to: next, format: 'csv', via: 'dashboard' };
      await recordExport(session, 'billing', about);
    }),
  );
  return routes;
}

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The team of this name, else the first that the caller manages. Throws `not_allowed`. */
function managedTeam({ me: { manages } }: Session<'person'>, named: unknown): string {
  const team = typeof named === 'string' ? named : manages[0];
  if (team !== undefined && manages.includes(team)) return team;
  throw new AppError('not_allowed', 'only a manager sees what is billed', {
    hint: 'An admin says who is one: coffee-roadmap teams --help.',
  });
}
