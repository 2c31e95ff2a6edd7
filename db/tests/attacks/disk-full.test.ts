import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { migrate } from '@coffee-roadmap/db/migrate';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { query } from '../../../tests/support/database';
import { mountSmallVolume } from '../../../tests/support/small-volume';
import { until } from '../../../tests/support/until';

const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-full-'));
const dataDir = path.join(folder, 'postgres');
const password = 'for this test only';
const clients: Client[] = [];

/** Under a server of this file's own. */
const volume = mountSmallVolume(folder, 160);
if (volume === undefined)
  process.stderr.write('skipped: no disk is filled, because only root may mount one\n');

afterAll(async () => {
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  await removeEmbeddedPostgres(dataDir);
  volume?.unmount();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(superuserUrl: string, kind: 'person' | 'daemon'): Promise<Client> {
  const url = new URL(superuserUrl);
  url.username = await ensureLogin(superuserUrl, { kind, name: kind, password });
  url.password = password;
  const client = new Client({ connectionString: url.href });
  client.on('error', () => undefined); // reported by the query that fails
  await client.connect();
  clients.push(client);
  return client;
}

describe('disk full', () => {
  const where = volume ? it : it.skip;

  where(
    'refuses what finds no room, keeps all that it took, and goes on when there is room',
    async () => {
      const { superuserUrl } = await startEmbeddedPostgres({ dataDir, durable: true });
      await migrate(superuserUrl);
      let person = await connect(superuserUrl, 'person');
      let daemon = await connect(superuserUrl, 'daemon');
      const { rows: made } = await person.query<{ id: string }>(
        `select coffee.add_project(null, 'full', '/x', '{"agent": "rehearsal"}') as id`,
      );
      await person.query(`select coffee.add_item($1, 'begun')`, [made[0]!.id]);
      const claim = `select item_id, fence from daemon.claim($1, '{rehearsal}', '15 min')`;
      const { rows: held } = await daemon.query(claim, [randomUUID()]);

      volume!.fill(2 << 20); // room for a few rows
      const taken: string[] = [];
      const refused = await (async () => {
        for (;;) {
          const body = randomBytes(60_000).toString('hex');
          const { rows } = await person.query<{ id: string }>(
            `select (coffee.add_item($1, 'more', $2)).id`,
            [made[0]!.id, body],
          );
          taken.push(rows[0]!.id);
        }
      })().catch((error: Error) => error);
      // Where the row finds no room it is refused; where the log of changes finds none, the server ends.
      expect(taken.length).toBeGreaterThan(0);
      expect(refused.message).toMatch(
        /No space left on device|[Cc]onnection terminated|terminating connection|ECONNRESET/,
      );

      volume!.free();
      const again = await startEmbeddedPostgres({ dataDir, durable: true });
      // A server that ended itself may still be reading its log.
      await until('the server takes statements again', async () =>
        query(again.superuserUrl, 'select 1').then(
          () => true,
          () => false,
        ),
      );
      person = await connect(again.superuserUrl, 'person');
      daemon = await connect(again.superuserUrl, 'daemon');
      const { rows: there } = await person.query<{ id: string }>(
        `select id from coffee.roadmap_items where title = 'more' and length(body) = 120000`,
      );
      expect(there.map(({ id }) => id)).toEqual(expect.arrayContaining(taken));
      expect(there.length - taken.length).toBeLessThanOrEqual(1); // an answer may be lost, no more
      const beat = await daemon.query(`select daemon.heartbeat($1, $2, '30 s') as held`, [
        held[0]!.item_id,
        held[0]!.fence,
      ]);
      expect(beat.rows).toEqual([{ held: true }]);
      await person.query(`select coffee.add_item($1, 'there is room')`, [made[0]!.id]);
    },
  );
});
