import { notify } from '@coffee-roadmap/shared/questions/queries';
import { addItem } from '@coffee-roadmap/shared/roadmap/queries';
import { reportStatus } from '@coffee-roadmap/shared/tasks/queries';
import { createTeam, type Team } from './team';

const ESC = '\x1b';
/** Clears the screen, names the window, fills the clipboard, hides, turns round, and goes up. */
const HOSTILE = `a${ESC}[2J${ESC}]0;owned\x07${ESC}]52;c;b3duZWQ=\x07${ESC}[8mb\x9b1Ac\u202ed`;
/** What a title may hold: the database refuses control characters there, but not these. */
const TURNED = 'left \u202eright\u2066 x\u2028y';

/** Anything that a terminal would obey, or that would hide what is shown. */
const OBEYED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

let team: Team;
let projectId: string;

beforeAll(async () => {
  team = await createTeam();
  projectId = await team.project('shop');
  const { session } = team.ada;
  const item = await addItem(session, { projectId, title: TURNED, body: HOSTILE });
  await notify(session, {
    projectId,
    itemId: item.id,
    kind: 'question',
    title: TURNED,
    message: HOSTILE,
    options: [{ label: HOSTILE, description: HOSTILE }, { label: 'plain' }],
    freeText: true,
  });
  await reportStatus(await team.daemon('builder'), {
    state: 'idle',
    note: HOSTILE,
    version: HOSTILE,
    host: HOSTILE,
    isolation: HOSTILE,
    agents: [{ name: 'rehearsal', available: false, reason: HOSTILE, hint: HOSTILE }] as never,
    started_at: new Date().toISOString(),
  });
});
afterAll(() => team.close());

const COMMANDS = [
  ['status'],
  ['roadmap'],
  ['roadmap', 'view', '1'],
  ['roadmap', 'history', '1'],
  ['roadmap', 'block', '1', HOSTILE],
  ['roadmap', 'reopen', '1', HOSTILE],
  ['notifications'],
  ['notifications', 'show', '1'],
  ['notifications', 'list', '--all'],
  ['daemon'],
  ['doctor'],
  ['roadmap', 'view', HOSTILE],
  ['roadmap', 'list', '--project', HOSTILE],
  [HOSTILE],
  ['respond', '1', HOSTILE],
  ['respond', '1', 'too late'],
];

it.each(COMMANDS)('%j %j %j obeys nothing', async (...args) => {
  const { cli } = team.ada;
  for (const json of [[], ['--json']]) {
    const { stdout, stderr } = await cli.run([...args, ...json]);
    expect(stdout + stderr).not.toBe('');
    expect(stdout).not.toMatch(OBEYED);
    expect(stderr).not.toMatch(OBEYED);
  }
});

it('gives the very text in JSON, written out', async () => {
  const { cli } = team.ada;
  expect(await cli.json(['roadmap', 'view', '1'])).toMatchObject({ title: TURNED, body: HOSTILE });
});

it('exports what is stored, because a file is no terminal', async () => {
  const { stdout } = await team.ada.cli.run(['roadmap', 'export']);
  expect(stdout).toContain(HOSTILE);
});
