import { openDashboard, readTotals } from '@coffee-roadmap/shared/dashboard/queries';
import {
  endDashboardSessions,
  endSignIn,
  listSignIns,
} from '@coffee-roadmap/shared/dashboard/session-queries';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { enterAs, openSession } from '@coffee-roadmap/shared/db/session';
import { listPhraseLabels, listPhraseTotals } from '@coffee-roadmap/shared/phrases/queries';
import { SignedOut, type Gate } from './gate';

const TOKEN = /^[0-9a-f]{64}$/;

/** Many people, one login: the database resolves each by the token of their session. */
export async function openSharedGate(url: string): Promise<Gate> {
  const session = await openSession(url, 'dashboard', { connections: 8 });
  const gate: Gate = {
    kind: 'shared',
    async signIn(code, browser) {
      const { token, name, expires_at } = await openDashboard(session, code, browser);
      return { token, name, expiresAt: expires_at };
    },
    async enter(token, work) {
      if (token === undefined || !TOKEN.test(token)) throw new SignedOut();
      let entered = false;
      try {
        return await enterAs(session, token, (person) => {
          entered = true;
          return work(person);
        });
      } catch (error) {
        if (!entered && toAppError(error).code === 'not_allowed') throw new SignedOut();
        throw error;
      }
    },
    async signOut(token) {
      await gate.enter(token, (person) => endDashboardSessions(person, { onlyThis: true }));
    },
    listSignIns: (token) => gate.enter(token, listSignIns),
    endSignIn: (token, id) => gate.enter(token, (person) => endSignIn(person, id)),
    endSignIns: (token) =>
      gate.enter(token, (person) => endDashboardSessions(person, { onlyThis: false })),
    totals: () => readTotals(session),
    phraseTotals: (since) => listPhraseTotals(session, since),
    phraseLabels: () => listPhraseLabels(session),
    check: async () => void (await readTotals(session)),
    listen: session.listen,
    close: session.close,
  };
  return gate;
}
