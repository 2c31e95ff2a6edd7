import { isAlive } from '@coffee-roadmap/shared/postgres/processes';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { git } from '../../support/repository';
import { until } from '../../support/until';
import { program } from './machine';

jest.setTimeout(120_000); // clusters are made, and other tests run beside

let tmp: string;
beforeAll(() => {
  tmp = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'coffee demos ')));
  chmodSync(tmp, 0o755);
});
afterAll(() => rmSync(tmp, { recursive: true, force: true }));

interface Demo {
  child: ChildProcess;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  stderr(): string;
}

/** Its own TMPDIR: other demos of this machine are left in peace. */
function startDemo(...args: string[]): Demo {
  const said = { stdout: '', stderr: '' };
  const child = spawn(process.execPath, [program, 'demo', ...args], {
    env: { PATH: process.env.PATH, HOME: path.join(tmp, 'nobody'), USER: 'ada', TMPDIR: tmp },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, ...said })),
  );
  return { child, ended, stderr: () => said.stderr };
}

const HASH = expect.stringMatching(/^[0-9a-f]{40}$/);
const item = (number: string, title: string) => ({ number, title, state: 'done' });
const commit = (slug: string, subject: string) => ({
  hash: HASH,
  branch: `roadmap/${slug}`,
  subject: `Priority ${subject}`,
});

it('leaves nothing at Ctrl-C', async () => {
  const demo = startDemo();
  await until('the demo begins', () => /in progress/.test(demo.stderr()), 40_000);
  demo.child.kill('SIGINT');
  expect(await demo.ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/error: interrupted\nhint: {2}Nothing of the demo is left/),
  });
  expect(readdirSync(tmp)).toEqual([]);
});

it('tells the whole story as one document, and clears away what a killed one left', async () => {
  const killed = startDemo();
  await until('the daemon asks', () => /\? the daemon/.test(killed.stderr()), 40_000);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const [left = ''] = readdirSync(tmp);
  const note = path.join(tmp, left, 'home/.local/state/coffee-roadmap/daemon.json');
  const { pid } = JSON.parse(readFileSync(note, 'utf8')) as { pid: number };

  const { code, stdout, stderr } = await startDemo('--json', '--keep').ended;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const document = JSON.parse(stdout) as { repository: string };
  expect(document).toEqual({
    items: [
      item('1', 'Say hello in the README'),
      item('2', 'Choose a licence'),
      item('3', 'Add a changelog'),
    ],
    questions: [
      { question: 'Which licence should this project have?', answer: 'MIT', answered_by: 'ada' },
    ],
    commits: [
      commit('1-say-hello-in-the-readme', '1: Say hello in the README'),
      commit('2-choose-a-licence', '2: Choose a licence'),
      commit('3-add-a-changelog', '3: Add a changelog'),
    ],
    repository: expect.stringContaining(tmp),
    duration_ms: expect.any(Number),
  });
  for (const line of ['respond 2 1', 'roadmap accept 1', `git -C '${document.repository}'`]) {
    expect(stderr).toContain(line);
  }
  const merges = git(`${document.repository}/.git`, 'log', '--format=%s', '--merges', 'main');
  expect(merges.split('\n')).toHaveLength(3);

  const folder = path.dirname(document.repository);
  expect(readdirSync(tmp)).toEqual([path.basename(folder)]);
  expect(readdirSync(folder)).toEqual(['repository']);
  expect(isAlive(pid)).toBe(false);
});
