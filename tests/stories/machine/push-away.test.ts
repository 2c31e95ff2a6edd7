import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { keepPushing } from '@coffee-roadmap/shared/imports/keep-pushing';
import { pushSpool, type PushResult } from '@coffee-roadmap/shared/imports/push-spool';
import { makeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { makeWorkstation } from '@coffee-roadmap/shared/transcripts/testing/workstation';
import { createTestDatabase } from '../../support/database';
import { startRelay } from '../../support/relay';
import { until } from '../../support/until';

const PASSWORD = 'for this test only';

it('pushes on when the database comes back, more and more seldom until then, and loses nothing', async () => {
  const database = await createTestDatabase();
  const name = await ensureLogin(database.superuserUrl, {
    kind: 'person',
    name: 'Ada',
    password: PASSWORD,
  });
  const direct = database.urlFor(name, PASSWORD);
  const { hostname, port } = new URL(direct);
  const relay = await startRelay({ host: hostname, port: Number(port) });
  const machine = makeWorkstation();
  const push = async (url: string): Promise<PushResult> => {
    const session = await openSession(url, 'person', { connections: 1 });
    const { paths, identity } = machine;
    return pushSpool({ session }, { paths, identity, programVersion: '0.1.0' }).finally(() =>
      session.close(),
    );
  };
  const ending = new AbortController();
  const pauses: number[] = [];
  const pushed: number[] = [];
  try {
    machine.write(makeCorpus({ seed: 60, sessions: 2 }));
    await machine.collector().pass();
    const watching = keepPushing({
      push: () => push(relay.url(direct)),
      onPushed: ({ counts }) => pushed.push(counts.inserted),
      onAway: (_, pauseMs) => pauses.push(pauseMs),
      signal: ending.signal,
      everyMs: 10,
      longestMs: 80,
    });
    await until('the first push', () => pushed.length > 0);
    relay.cut();
    machine.write(makeCorpus({ seed: 61, sessions: 2 }));
    await machine.collector().pass();
    await until('several tries', () => pauses.length >= 5);
    expect(pauses.slice(0, 5)).toEqual([20, 40, 80, 80, 80]);
    const before = pushed.length;
    await relay.mend();
    await until('what waited', () => pushed.slice(before).some((inserted) => inserted > 0));
    // A connection that breaks under way is an absence too.
    const tries = pauses.length;
    machine.write(makeCorpus({ seed: 62, sessions: 3 }));
    await machine.collector().pass();
    relay.cut();
    await until('another absence', () => pauses.length > tries);
    expect(pauses[tries]).toBe(20); // it begins anew
    await relay.mend();
    const now = pushed.length;
    await until('the rest', () => pushed.slice(now).some((inserted) => inserted > 0));
    ending.abort();
    await watching;
    const last = await push(direct);
    expect(last).toMatchObject({ anew: false, counts: { inserted: 0, revised: 0, duplicate: 0 } });
    const anew = await createTestDatabase();
    try {
      const other = await ensureLogin(anew.superuserUrl, {
        kind: 'person',
        name: 'Ada',
        password: PASSWORD,
      });
      const { counts } = await push(anew.urlFor(other, PASSWORD));
      expect(pushed.reduce((sum, n) => sum + n, 0)).toBe(counts.inserted);
    } finally {
      await anew.drop();
    }
  } finally {
    ending.abort();
    await relay.close();
    machine.remove();
    await database.drop();
  }
});
