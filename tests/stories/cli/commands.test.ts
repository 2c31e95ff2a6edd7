import {
  claimNextTask,
  finishAttempt,
  recordStep,
  reportStatus,
} from '@coffee-roadmap/shared/tasks/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Cli } from './program';
import { createTeam, type Team } from './team';

let team: Team;
let cli: Cli;
let daemon: Session<'daemon'>;

const report = (host = os.hostname()) =>
  reportStatus(daemon, {
    state: 'idle',
    version: '0.1.0',
    host,
    isolated: false,
    isolation: 'no sandbox was found',
    agents: [{ name: 'rehearsal', available: true, reason: 'built in', projects: [] }] as never,
    started_at: new Date().toISOString(),
  });

beforeAll(async () => {
  team = await createTeam();
  cli = team.ada.cli;
  const projectId = await team.project('shop');
  daemon = await team.daemon('builder');
  await report();
  await cli.run(['roadmap', 'add', 'Greet people', '--body', 'In their own language.']);
  const claim = { instance: randomUUID(), agents: ['rehearsal'], projects: [projectId] };
  const task = (await claimNextTask(daemon, { ...claim, leaseMs: 60_000, graceMs: 0 }))!;
  await recordStep(daemon, task, { kind: 'message', summary: 'I begin' });
  await finishAttempt(daemon, task, { outcome: 'review', reason: 'Wrote it' });
  await cli.run(['roadmap', 'add', 'Say goodbye']);
  await notify(team.ada.session, {
    projectId,
    kind: 'question',
    title: 'Which colour?',
    options: [{ label: 'red', description: 'as the logo' }, { label: 'green' }],
  });
});
afterAll(() => team.close());

/** In this order each finds what it needs. */
const COMMANDS: { args: string[]; text?: RegExp; key: string; input?: string }[] = [
  { args: ['status'], text: /builder {2}idle\n {4}! agent not isolated/, key: 'daemons' },
  { args: ['roadmap'], text: /◆ in review {2}Greet people/, key: 'items' },
  { args: ['roadmap', 'list'], text: /Say goodbye/, key: 'items' },
  {
    args: ['roadmap', 'view', '1'],
    text: /Last steps\n\S+ {2}message {2}I begin/,
    key: 'last_steps',
  },
  { args: ['roadmap', 'add', 'Third'], text: /^Added \d\. Third$/m, key: 'number' },
  {
    args: ['roadmap', 'edit', '2', '--title', 'Say farewell'],
    text: /Changed 2\. Say f/,
    key: 'title',
  },
  { args: ['roadmap', 'move', '2', '--last'], text: /Moved 2/, key: 'number' },
  { args: ['roadmap', 'block', '2', 'later'], text: /Blocked: 2/, key: 'state' },
  { args: ['daemon', 'retry', '2'], text: /Planned again: 2/, key: 'state' },
  { args: ['roadmap', 'reopen', '1', 'more'], text: /Planned again: 1/, key: 'feedback' },
  { args: ['roadmap', 'history', '1'], text: /reopen +in_review → planned; more/, key: 'history' },
  { args: ['roadmap', 'export'], text: /### PRIORITY 1: Greet people/, key: 'roadmap' },
  { args: ['roadmap', 'export', 'out.md'], text: /(Wrote \d priorities to|the same)/, key: 'file' },
  { args: ['roadmap', 'import', 'out.md'], text: /Nothing to change/, key: 'added' },
  { args: ['notifications'], text: /Which colour\?/, key: 'notifications' },
  { args: ['notifications', 'list', '--all'], text: /completion +1\. Greet/, key: 'notifications' },
  { args: ['notifications', 'show', '2'], text: /1\) red – as the logo/, key: 'options' },
  { args: ['notifications', 'ask', 'Really?', '-o', 'yes'], text: /Asked \d/, key: 'id' },
  { args: ['daemon'], text: /version 0\.1\.0 · on \S+ · since/, key: 'daemons' },
  { args: ['daemon', 'status'], text: /builder/, key: 'daemons' },
  { args: ['daemon', 'pause'], text: /Paused 1 daemon/, key: 'paused' },
  { args: ['daemon', 'resume', 'builder'], text: /1 daemon may go on/, key: 'resumed' },
  { args: ['daemon', 'reset', '--yes'], text: /Reset/, key: 'reset' },
  { args: ['projects'], text: /shop +team +rehearsal/, key: 'projects' },
  {
    args: ['projects', 'set', 'shop', '--budget-day', '5'],
    text: /\$5\.00 a day/,
    key: 'budget_day_usd',
  },
  {
    args: ['projects', 'set', 'shop', '--budget-day', 'none', '--agent-command', 'none'],
    text: /no limit a day/,
    key: 'budget_day_usd',
  },
  { args: ['teams'], text: /team +Ada/, key: 'teams' },
  { args: ['people'], text: /Ada +person/, key: 'people' },
  {
    args: ['people', 'link-slack'],
    text: /\/roadmap link [0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}/,
    key: 'code',
  },
  { args: ['people', 'unlink-slack'], text: /No Slack account was linked/, key: 'links' },
  { args: ['doctor'], text: /warn {2}isolation +builder: agent not isolated/, key: 'checks' },
  { args: ['completion', 'bash'], text: /complete -o default/, key: 'script' },
];

describe('every command', () => {
  // As a living daemon does: on a busy machine they take longer than a report counts as news.
  beforeEach(() => report());

  it.each(COMMANDS)('$args', async ({ args, text, key }) => {
    const plain = await cli.run(args);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(text ?? /./);
    if (args[0] !== 'completion') {
      // No character of these is wider than one column.
      for (const line of plain.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
    }
    expect(plain.stdout).not.toContain('\x1b'); // no terminal, no colours

    // What cannot be done twice is prepared anew.
    if (args[1] === 'reopen') await cli.run(['roadmap', 'block', '1']);
    if (args[1] === 'retry') await cli.run(['roadmap', 'block', '2']);
    if (args[1] === 'block') await cli.run(['daemon', 'retry', '2']);
    const document = await cli.json(args);
    expect(document).toHaveProperty(key);
    for (const name of keysOf(document)) expect(name).toMatch(/^[a-z0-9_]+$/);
  });

  it('says how to serve a repository of this machine where daemons run on others', async () => {
    await report('a container');
    const { code, stderr } = await cli.run(['projects', 'add', 'far', process.cwd()]);
    await report();
    expect(code).toBe(0);
    expect(stderr).toContain('no daemon runs on this machine (they are on a container)');
    expect(stderr).toContain('projects set far --repository /repositories/far.git');
    await cli.run(['projects', 'set', 'far', '--archive']);
  });

  it('makes, changes and ends what can be made only once', async () => {
    for (const json of [[], ['--json']]) {
      const suffix = json.length;
      const steps: string[][] = [
        ['projects', 'add', `tool${suffix}`, process.cwd(), '--team', 'team', '--merge', 'manual'],
        ['projects', 'set', `tool${suffix}`, '--archive'],
        ['teams', 'add', `design ${suffix}`],
        ['people', 'add', `Eve ${suffix}`, '--team', `design ${suffix}`],
        ['teams', 'member', 'team', `Eve ${suffix}`],
        ['teams', 'manager', 'team', `Eve ${suffix}`],
        ['people', 'rotate-password', `Eve ${suffix}`],
        ['people', 'remove', `Eve ${suffix}`, '--yes'],
      ];
      for (const step of steps) {
        const result = await cli.run([...step, ...json]);
        expect(result).toMatchObject({ code: 0, stderr: '' });
        if (suffix > 0) expect(typeof JSON.parse(result.stdout)).toBe('object');
      }
    }
  });

  it('takes text from a file and from standard input', async () => {
    writeFileSync(path.join(cli.home, 'spec.md'), 'Line one\n\n## A heading\n');
    const fromFile = await cli.json(['roadmap', 'add', 'From a file', '--file', 'spec.md']);
    expect(fromFile).toMatchObject({ body: 'Line one\n\n## A heading\n' });
    const options = { input: 'typed ähnlich\n' };
    const fromInput = await cli.json(['roadmap', 'add', 'From input', '--file', '-'], options);
    expect(fromInput).toMatchObject({ body: 'typed ähnlich\n' });
  });
});

/** Names of our own making: what people put into context, before and after is theirs. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}
