import {
  endOwnSession,
  endOwnSessionById,
  endOwnSessions,
  isOwnSession,
  listOwnSessions,
  openOwnSession,
} from '@coffee-roadmap/shared/dashboard/own-links';
import { lastNotificationId } from '@coffee-roadmap/shared/notifications/queries';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { SignedOut, type Gate } from './gate';

/** One person with their own login. Who else reaches this port has no link of theirs. */
export async function openOwnGate(url: string, stateFolder: string): Promise<Gate> {
  const session = await openSession(url, 'person', { connections: 6 });
  const gate: Gate = {
    kind: 'own',
    signIn: (code, browser) => {
      const { token, expiresAt } = openOwnSession(stateFolder, code, browser);
      return Promise.resolve({ token, name: session.me.name, expiresAt });
    },
    enter: async (token, work) => {
      if (token === undefined || !isOwnSession(stateFolder, token)) throw new SignedOut();
      return work(session);
    },
    signOut: async (token) => {
      if (token !== undefined) endOwnSession(stateFolder, token);
    },
    listSignIns: (token) =>
      gate.enter(token, () => Promise.resolve(listOwnSessions(stateFolder, token))),
    endSignIn: (token, id) => gate.enter(token, async () => endOwnSessionById(stateFolder, id)),
    endSignIns: (token) => gate.enter(token, () => Promise.resolve(endOwnSessions(stateFolder))),
    totals: () => Promise.resolve(undefined),
    phraseTotals: () => Promise.resolve(undefined),
    phraseLabels: () => Promise.resolve(undefined),
    check: async () => void (await lastNotificationId(session)),
    listen: session.listen,
    close: session.close,
  };
  return gate;
}
