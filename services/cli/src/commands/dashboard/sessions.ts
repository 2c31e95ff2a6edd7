import { browserName } from '@coffee-roadmap/shared/dashboard/browser-name';
import {
  endOwnSessionById,
  endOwnSessions,
  listOwnSessions,
} from '@coffee-roadmap/shared/dashboard/own-links';
import {
  endDashboardSessions,
  endSignIn,
  listSignIns,
  type SignIn,
} from '@coffee-roadmap/shared/dashboard/session-queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { withSession, type CommonOptions, type Context } from '../../context';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';

/** `own`: of the dashboard that runs here with one's own login; `shared`: of the team's. */
type Placed = SignIn & { dashboard: 'own' | 'shared' };

export interface RevokeOptions extends CommonOptions {
  revoke: string;
}

/** Where the caller is signed in, with both kinds of dashboard. */
export function listSessions(context: Context, options: CommonOptions): Promise<void> {
  return withSession(context, options, async (session, out) => {
    const found = await listAll(session, context);
    const documents = found.map(({ id, dashboard, browser, created_at, expires_at }) => ({
      ...{ id, dashboard, browser: browserName(browser) },
      ...{ user_agent: browser, created_at, expires_at },
    }));
    out.result({ sessions: documents }, () =>
      found.length === 0
        ? 'You are signed in nowhere.\ncoffee-roadmap dashboard --link signs a browser in.'
        : renderTable(
            [
              { title: 'ID' },
              { title: 'BROWSER', flexible: true, min: 10, paint: out.colours.bold },
              { title: 'DASHBOARD' },
              { title: 'SIGNED IN', align: 'right' },
              { title: 'UNTIL', align: 'right' },
            ],
            found.map((one) => [
              one.id.slice(0, 8),
              stripEscapes(browserName(one.browser)),
              one.dashboard === 'own' ? 'this machine' : 'team',
              ago(one.created_at, new Date()),
              one.expires_at.toISOString().slice(0, 10),
            ]),
            { width: out.width, paintTitle: out.colours.dim },
          ),
    );
  });
}

/** Ends the one whose id begins so, or `all`. */
export function revokeSessions(context: Context, options: RevokeOptions): Promise<void> {
  return withSession(context, options, async (session, out) => {
    const { state } = context.config().paths;
    if (options.revoke === 'all') {
      const own = endOwnSessions(state);
      const ended = own + (await endDashboardSessions(session, { onlyThis: false }));
      out.result({ ended }, () =>
        ended === 1 ? 'Signed out of one browser.' : `Signed out of ${ended} browsers.`,
      );
      return;
    }
    const one = findOne(await listAll(session, context), options.revoke);
    if (one.dashboard === 'own') endOwnSessionById(state, one.id);
    else await endSignIn(session, one.id);
    out.result({ ended: 1, id: one.id }, () =>
      stripEscapes(`Signed out of ${browserName(one.browser)} (${one.id.slice(0, 8)}).`),
    );
  });
}

async function listAll(session: Session<'person'>, context: Context): Promise<Placed[]> {
  const own = listOwnSessions(context.config().paths.state);
  const shared = await listSignIns(session);
  return [
    ...own.map((one) => ({ ...one, dashboard: 'own' as const })),
    ...shared.map((one) => ({ ...one, dashboard: 'shared' as const })),
  ];
}

function findOne(all: readonly Placed[], text: string): Placed {
  const [one, other] = all.filter(({ id }) => text.length >= 4 && id.startsWith(text));
  if (one === undefined) {
    throw new AppError('not_found', `you are signed in nowhere by the id "${stripEscapes(text)}"`, {
      hint: 'coffee-roadmap dashboard --sessions',
    });
  }
  if (other !== undefined) {
    throw new AppError('invalid_input', `several ids begin with "${stripEscapes(text)}"`, {
      hint: 'Name more of it.',
    });
  }
  return one;
}
