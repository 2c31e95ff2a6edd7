import type { BenchServer } from '../server/bench-server';
import { execute } from '../server/connect';
import { WORKERS, type Contender } from './contender';

const QUEUE = 'bench';

/** pg-boss without its batches: one job per fetch, each completed by a statement of its own. */
export async function openPgBoss(server: BenchServer): Promise<Contender> {
  const { url } = await server.database('pgboss');
  // It comes as an ES module only, and this program is bundled as CommonJS.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: url,
    max: WORKERS,
    supervise: false,
    schedule: false,
  });
  boss.on('error', () => undefined); // what matters fails the call
  await boss.start();
  await boss.createQueue(QUEUE);

  async function work(): Promise<number[]> {
    const times: number[] = [];
    for (;;) {
      const start = performance.now();
      const [job] = await boss.fetch(QUEUE);
      if (job === undefined) return times;
      await boss.complete(QUEUE, job.id);
      times.push(performance.now() - start);
    }
  }

  return {
    name: 'pg-boss',
    async fill(count) {
      await boss.insert(
        QUEUE,
        Array.from({ length: count }, (_, n) => ({ data: { n } })),
      );
      await execute(url, 'vacuum analyze');
    },
    drain: async () => (await Promise.all(Array.from({ length: WORKERS }, work))).flat(),
    close: () => boss.stop({ graceful: false }),
  };
}
