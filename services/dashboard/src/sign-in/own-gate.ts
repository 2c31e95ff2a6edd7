import {
  endOwnSession,
  isOwnSession,
  openOwnSession,
} from '@coffee-roadmap/shared/dashboard/own-links';
import { lastNotificationId } from '@coffee-roadmap/shared/notifications/queries';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { SignedOut, type Gate } from './gate';

/** One person with their own login. Who else reaches this port has no link of theirs. */
export async function openOwnGate(url: string, stateFolder: string): Promise<Gate> {
  const session = await openSession(url, 'person', { connections: 6 });
  return {
    kind: 'own',
    signIn: (code) => {
      const { token, expiresAt } = openOwnSession(stateFolder, code);
      return Promise.resolve({ token, name: session.me.name, expiresAt });
    },
    enter: async (token, work) => {
      if (token === undefined || !isOwnSession(stateFolder, token)) throw new SignedOut();
      return work(session);
    },
    signOut: async (token) => {
      if (token !== undefined) endOwnSession(stateFolder, token);
    },
    totals: () => Promise.resolve(undefined),
    phraseTotals: () => Promise.resolve(undefined),
    check: async () => void (await lastNotificationId(session)),
    listen: session.listen,
    close: session.close,
  };
}
