import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { linesOf, makePlace, startDaemon, type DaemonPlace } from './daemon-runs';
import { sandboxCases } from './sandbox-kinds';
import { until } from '../support/until';

const script = path.join(__dirname, 'leave-behind.mjs');

/** Processes with the token on their command line: the agent `-main`, what it left `-deaf`. */
function findByToken(token: string): { main: number; background: number } {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      } catch {
        return [];
      }
    })
    .filter((argv) => argv[0] === process.execPath && argv.some((word) => word.includes(token)));
  const background = lines.filter((argv) => argv[1] === '-e').length;
  const main = lines.filter((argv) => argv[1]?.endsWith('leave-behind.mjs')).length;
  return { main, background };
}

for (const kind of sandboxCases()) {
  (kind.works ? describe : describe.skip)(kind.title, () => {
    let place: DaemonPlace;
    let root = '';
    beforeAll(() => {
      place = makePlace('secret', kind.privileged);
    });
    afterAll(() => {
      place.remove();
      if (root.startsWith('/var/tmp/')) rmSync(root, { recursive: true, force: true });
    });

    const start = (token: string, stay: boolean) => {
      const sandbox = { root: place.root, hide: [place.base], bubblewrap: kind.bubblewrap };
      return startDaemon(place, { sandbox, script, given: { token, stay } }, 'secret');
    };

    test('an agent ends with its killed daemon, and what it left with the next one', async () => {
      const token = randomUUID();
      const daemon = start(token, true);
      for await (const line of linesOf(daemon)) {
        if (line.sandbox) root = (line.sandbox as { root: string }).root;
        if (line.ready) break;
      }
      await until('both run', () => {
        const { main, background } = findByToken(token);
        return main === 1 && background === 1;
      });
      daemon.kill('SIGKILL');
      await until('the agent is gone', () => findByToken(token).main === 0);
      if (!kind.bubblewrap) {
        const other = randomUUID();
        for await (const line of linesOf(start(other, false))) void line;
      }
      await until('nothing is left', () => findByToken(token).background === 0);
    });

    test('what an agent leaves in the background ends with it', async () => {
      const token = randomUUID();
      const daemon = start(token, false);
      for await (const line of linesOf(daemon)) void line;
      expect(findByToken(token)).toEqual({ main: 0, background: 0 });
    });
  });
}
