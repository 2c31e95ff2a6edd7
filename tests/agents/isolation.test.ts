import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { readFileSync, readdirSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { linesOf, makePlace, startDaemon, type DaemonPlace } from './daemon-runs';
import { sandboxCases } from './sandbox-kinds';

const SECRET = 'postgres://daemon:hunter2-secret@127.0.0.1/coffee';
const script = path.join(__dirname, 'probe-from-inside.mjs');

let folder: string;
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-isolation-postgres-'));
  postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, 'cluster'), durable: false });
});
afterAll(async () => {
  await removeEmbeddedPostgres(path.join(folder, 'cluster'));
  rmSync(folder, { recursive: true, force: true });
});

for (const kind of sandboxCases().filter((one) => one.kind !== 'none')) {
  (kind.works ? describe : describe.skip)(kind.title, () => {
    let place: DaemonPlace;
    let sandbox: Record<string, unknown> = {};
    let found: Record<string, unknown>;

    beforeAll(async () => {
      place = makePlace(SECRET, kind.privileged);
      const order = {
        sandbox: { root: place.root, hide: [place.base], bubblewrap: kind.bubblewrap },
        script,
        given: {
          secret: SECRET,
          secretFile: place.secretFile,
          secretFolder: place.secretFolder,
          postgresPort: postgres.port,
        },
      };
      const daemon = startDaemon(place, order, SECRET);
      const lines: Record<string, unknown>[] = [];
      for await (const line of linesOf(daemon)) lines.push(line);
      sandbox = lines[0]?.sandbox as Record<string, unknown>;
      found = lines.at(-1) ?? {};
      expect(daemon.exitCode ?? 0).toBe(0);
    });
    afterAll(() => {
      place.remove();
      const root = String(sandbox.root ?? '');
      if (root.startsWith('/var/tmp/')) rmSync(root, { recursive: true, force: true });
    });

    test('says what it is', () => {
      expect(sandbox).toMatchObject({ kind: kind.kind, isolated: true });
    });

    test('passes on nothing of the daemon’s environment', () => {
      const given = ['COFFEE_ROADMAP_RUN', 'HOME', 'PATH'];
      const names = (found.environment as string[]).filter((name) => name !== 'PWD');
      expect(names).toEqual(given);
      expect(found['secret in the environment']).toBe('none');
      expect(found['secret in any environ']).toBe('none');
    });

    test('keeps the daemon’s files closed', () => {
      const refusal = kind.bubblewrap ? 'ENOENT' : 'EACCES';
      expect(found).toMatchObject({
        'read the secret file': refusal,
        'write the secret file': refusal,
        'list the secret folder': refusal,
      });
      // They are there, and whoever may read them can.
      expect(readFileSync(place.secretFile, 'utf8')).toBe(SECRET);
      expect(readdirSync(place.secretFolder)).toEqual(['config.json']);
    });

    test('keeps the daemon’s process closed', () => {
      const refusal = kind.bubblewrap ? 'ENOENT' : 'EACCES';
      expect(found).toMatchObject({
        'environ of the daemon': refusal,
        'mem of the daemon': refusal,
        'mem of the daemon, to write': refusal,
        'open files of the daemon': refusal,
        'folder of the daemon': refusal,
        'root of the daemon': refusal,
        'signal the daemon': kind.bubblewrap ? 'ESRCH' : 'EPERM',
      });
    });

    test('gives no way to more rights', () => {
      // In a user namespace there is not even a uid 0 to become.
      expect(found['become root']).toMatch(/^(EPERM|EINVAL)$/);
      expect(found.rights).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^CapEff:\s+0+$/),
          expect.stringMatching(/^NoNewPrivs:\s+1$/),
        ]),
      );
      for (const name of ['write into /etc', 'write into /usr']) {
        expect(found[name]).toMatch(/^(EACCES|EROFS)$/);
      }
    });

    test('reaches the port of Postgres and gets no session', () => {
      expect(found['a session without a password']).toBe('password wanted');
    });

    test('can work in its workspace, which is gone when the daemon removes it', () => {
      expect(found['write into the workspace']).toBe('got: true');
      expect(existsSync(path.join(String(sandbox.root), 'attempt'))).toBe(false);
    });
  });
}

test('without either, it says that the agent is not isolated', async () => {
  const place = makePlace(SECRET, false);
  try {
    const order = {
      sandbox: { root: place.root, hide: [place.base], bubblewrap: false },
      script: path.join(__dirname, 'leave-behind.mjs'),
      given: { token: 'not-isolated', stay: false },
    };
    const lines: Record<string, unknown>[] = [];
    for await (const line of linesOf(startDaemon(place, order, SECRET))) lines.push(line);
    expect(lines[0]).toMatchObject({
      sandbox: {
        kind: 'none',
        isolated: false,
        description: 'agent not isolated: bubblewrap is switched off',
      },
    });
  } finally {
    place.remove();
  }
});
