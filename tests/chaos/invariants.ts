import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { verifyAudit } from '@coffee-roadmap/shared/audit/verify';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { pushSpool } from '@coffee-roadmap/shared/imports/push-spool';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { DEFAULT_PATTERNS } from '@coffee-roadmap/shared/phrases/patterns';
import { Collector } from '@coffee-roadmap/shared/transcripts/collect/collect';
import path from 'node:path';
import { wrongPhraseSums, wrongSums } from '../../db/tests/ledger';
import { wrongTraceSums } from '../../db/tests/trace-sums';
import { createTestDatabase, query } from '../support/database';
import { git } from '../support/repository';
import { until } from '../support/until';
import { pathsIn, rowsOf } from '../stories/machine/hub';
import type { Machine } from './machines';
import { questionMessages, type Told, type Try } from './people';
import { decidedIn, type Roadmap } from './roadmap';
import type { Scene } from './scene';

/** Every priority: one attempt, one branch, one commit, one merge, one trace, paid once; nothing is held. */
export async function expectWorkDoneOnce({ stack }: Scene, roadmap: Roadmap): Promise<void> {
  const done = await stack.sql(
    `select i.title, i.state, count(distinct a.id)::int as attempts,
       count(distinct g.id)::int as calls, count(distinct t.id)::int as traces
     from coffee.roadmap_items i left join coffee.attempts a on a.item_id = i.id
     left join coffee.generations g on g.attempt_id = a.id
     left join coffee.traces t on t.attempt_id = a.id and t.output ->> 'outcome' = 'review'
     group by i.id order by i.id`,
  );
  const once = { state: 'done', attempts: 1, calls: 1, traces: 1 };
  expect(done).toEqual(roadmap.titles.map((title) => ({ title, ...once })));
  const { repository, titles } = roadmap;
  const subjects = git(repository, 'log', '--format=%s', 'main').split('\n');
  expect(subjects.sort()).toEqual(
    [
      'Begin',
      ...titles.flatMap((title, i) => [
        `Priority ${i + 1}: ${title}`,
        `Merge priority ${i + 1}: ${title}`,
      ]),
    ].sort(),
  );
  const branches = git(repository, 'branch', '--format=%(refname:short)').split('\n');
  expect(branches.sort()).toEqual(
    ['main', ...titles.map((_, i) => `roadmap/${i + 1}-part-${i + 1}`)].sort(),
  );
  const held = 'select from daemon.task_queue where lease_until is not null';
  expect(await stack.sql(held)).toEqual([]);
}

/** Every question: asked once, posted at most once, answered once, with what someone said and the agent heard. */
export async function expectAnswersKept(
  scene: Scene,
  { repository, titles }: Roadmap,
  { tries, watched }: { tries: Try[]; watched: Told[] },
): Promise<void> {
  const asked = await scene.stack.sql<{ id: number; title: string; state: string; answer: string }>(
    `select n.id::int, i.title, n.state, n.answer from coffee.notifications n
     join coffee.roadmap_items i on i.id = n.item_id where n.kind = 'question' order by i.id`,
  );
  expect(asked.map(({ title }) => title)).toEqual(titles);
  for (const { id, title, state, answer } of asked) {
    const own = tries.filter(({ question }) => question === id);
    const taken = own.filter(({ told }) => told === 'taken').map((one) => one.answer);
    const seen = { id, state, answer, heard: decidedIn(repository, title), taken };
    expect(seen).toEqual({
      ...{ id, state: 'answered', answer, heard: answer },
      taken: taken.map(() => answer), // nobody is told that another answer counted
    });
    expect(own.map((one) => one.answer)).toContain(answer);
    expect(questionMessages(scene, id).length).toBeLessThanOrEqual(1);
  }
  const words = watched.map(({ id, state }) => `${id} ${state}`);
  expect(words).toEqual([...new Set(words)]); // nothing is told twice
  expect(words).toEqual(expect.arrayContaining(asked.map(({ id }) => `${id} answered`)));
}

/**
 * What the machines reported, as an undisturbed reading of the same transcripts into an empty database has
 * it; how many rows.
 */
export async function expectRecordsKept(scene: Scene, machines: Machine[]): Promise<number> {
  const anew = await createTestDatabase();
  const login = { kind: 'person', name: 'ada', password: 'for this test only' } as const;
  const url = anew.urlFor(await ensureLogin(anew.superuserUrl, login), login.password);
  const session = await openSession(url, 'person');
  try {
    for (const { home } of machines) {
      const identity = requireIdentity(pathsIn(home));
      const paths = pathsIn(path.join(home, 'anew'));
      const roots = (): string[] => [path.join(home, '.claude/projects')];
      const reading = { paths, identity, roots, patterns: DEFAULT_PATTERNS, threads: 1 };
      await new Collector(reading).pass();
      await pushSpool({ session }, { paths, identity, programVersion: '0.1.0' });
    }
    let rows = 0;
    for (const { id, road } of machines) {
      const expected = await rowsOf(anew.superuserUrl, id);
      expect([road, await rowsOf(scene.stack.database.superuserUrl, id)]).toEqual([road, expected]);
      expect(expected.length).toBeGreaterThan(0);
      rows += expected.length;
    }
    return rows;
  } finally {
    await session.close();
    await anew.drop();
  }
}

/** Sums are those of the rows, and nobody wrote the trail anew or cut it off. */
export async function expectSumsAndTrail({ stack, urlOf, anchor }: Scene): Promise<void> {
  const root = { root: stack.sql };
  expect(await wrongSums(root)).toEqual([]);
  expect(await wrongPhraseSums(root)).toEqual([]);
  expect(await wrongTraceSums(root)).toEqual([]);
  const url = await urlOf('auditor', 'Olga');
  const auditor = await openSession(url, 'auditor');
  try {
    await query(url, 'select coffee.seal_audit()');
    const verdict = await verifyAudit(auditor, [anchor]);
    expect(verdict.findings).toEqual([]);
    expect(verdict.entries).toBeGreaterThan(0);
  } finally {
    await auditor.close();
  }
}

/** Whoever was started at the beginning still runs, and is well. */
export async function expectAllAlive({ daemons, bot, dashboard }: Scene): Promise<void> {
  const ends = [...daemons, bot].map(({ ended }) => Promise.race([ended, Promise.resolve('runs')]));
  expect(await Promise.all(ends)).toEqual(ends.map(() => 'runs'));
  // What was written down while a clock was wrong is written anew every few seconds.
  await until('the bot is well', async () => (await bot.health()) === 0);
  expect(await dashboard.health()).toBe(0);
}
