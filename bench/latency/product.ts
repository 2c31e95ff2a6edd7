import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { findNotification, notify } from '@coffee-roadmap/shared/questions/queries';
import type { BenchServer } from '../server/bench-server';
import { withClient } from '../server/connect';
import { createMeeting, type Pair } from './pair';

/** One daemon may tell people 500 things an hour; so many of them take turns. */
const ASKS_PER_DAEMON = 400;

/** A daemon asks, a person's client hears the hint and reads the question as that person. */
export async function openProduct(server: BenchServer, samples: number): Promise<Pair> {
  const database = await server.database('product', { migrated: true });
  const person = await openSession(await database.login('person', 'bench'), 'person');
  const projectId = await withClient(database.url, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `insert into coffee.projects (team_id, name, repository)
       select t.id, 'bench', '/nowhere' from coffee.teams t returning id`,
    );
    return rows[0]!.id;
  });
  const daemons: Session<'daemon'>[] = [];
  for (let n = 0; n * ASKS_PER_DAEMON < samples; n += 1) {
    daemons.push(await openSession(await database.login('daemon', `daemon-${n}`), 'daemon'));
  }

  const meeting = createMeeting();
  const listener = await person.listen({
    channels: ['coffee_notifications'],
    onHint(hint) {
      if (hint.channel !== 'coffee_notifications' || hint.id === null) return;
      void findNotification(person, hint.id).then((row) => {
        if (row !== undefined) meeting.arrived(row.id);
      });
    },
  });
  let asked = 0;

  return {
    async sample() {
      const daemon = daemons[asked++ % daemons.length]!;
      const start = performance.now();
      const { id } = await notify(daemon, {
        projectId,
        kind: 'question',
        title: 'Which colour?',
        options: [{ label: 'Red' }, { label: 'Blue' }],
      });
      return (await meeting.until(id)) - start;
    },
    async close() {
      await listener.close();
      for (const session of [person, ...daemons]) await session.close();
    },
  };
}
