import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { attachInstance, type Attachment } from '@coffee-roadmap/shared/tasks/attach';
import { claimNextTask, finishAttempt } from '@coffee-roadmap/shared/tasks/queries';
import { randomUUID } from 'node:crypto';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { WORKERS, type Contender } from './contender';

interface Daemon {
  session: Session<'daemon'>;
  instance: string;
  attachment: Attachment;
}

const PROJECTS = 4;
const AGENT = 'rehearsal';
const COMMIT = 'c0ffee'.padEnd(40, '0');

/**
 * Coffee Roadmap as daemons use it: a login each, row-level security, lease and fence, history, the
 * message to people that the work is up for review, hints to listeners.
 */
export async function openCoffee(server: BenchServer): Promise<Contender> {
  const database = await server.database('coffee', { migrated: true });
  await database.login('person', 'bench');
  const admin = await connect(database.url);
  const { rows } = await admin.query<{ id: string }>(
    `insert into coffee.projects (team_id, name, repository, agent)
     select t.id, 'project-' || n, '/nowhere', $1 from coffee.teams t, generate_series(1, $2::int) n
     returning id`,
    [AGENT, PROJECTS],
  );
  const projects = rows.map((row) => row.id);
  const daemons: Daemon[] = [];
  for (let n = 0; n < WORKERS; n += 1) {
    const url = await database.login('daemon', `daemon-${n}`);
    const instance = randomUUID();
    const session = await openSession(url, 'daemon', { connections: 1 });
    daemons.push({ session, instance, attachment: await attachInstance(url, instance) });
  }

  async function work({ session, instance }: Daemon): Promise<number[]> {
    const times: number[] = [];
    for (;;) {
      const start = performance.now();
      const task = await claimNextTask(session, {
        instance,
        projects,
        agents: [AGENT],
        leaseMs: 30_000,
        graceMs: 2_000,
      });
      if (task === undefined) return times;
      await finishAttempt(session, task, {
        outcome: 'review',
        reason: 'Did what was asked.',
        facts: { branch: `roadmap/${task.itemId}`, commit_hash: COMMIT },
      });
      times.push(performance.now() - start);
    }
  }

  return {
    name: 'coffee-roadmap',
    async fill(count) {
      await admin.query(
        `insert into coffee.roadmap_items (project_id, number, position, title)
         select p.id, m.last + n, m.last + n, 'Priority ' || n
         from unnest($2::uuid[]) p (id)
         cross join lateral (
           select coalesce(max(i.position), 0)::bigint as last
           from coffee.roadmap_items i where i.project_id = p.id) m
         cross join generate_series(1, $1::int) n`,
        [count / PROJECTS, projects],
      );
      await admin.query('vacuum analyze');
    },
    drain: async () => (await Promise.all(daemons.map(work))).flat(),
    async close() {
      for (const daemon of daemons) {
        await daemon.attachment.close();
        await daemon.session.close();
      }
      await admin.end();
    },
  };
}
