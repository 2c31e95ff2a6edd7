import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { agentRoots } from '../../support/agent-processes';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { createStack, type Stack } from '../../support/stack';

interface Report {
  name: string;
  available: boolean;
  reason: string;
  hint?: string;
  projects: string[];
}

const WORKS = '#!/bin/sh\nread -r task\necho "$task" > "$(mktemp task-XXXXXX)"\n';

describe('a project whose agent is not there', () => {
  let stack: Stack;
  let ada: HelpfulPerson;
  let program: string;
  let settings: Record<string, string>;
  beforeEach(async () => {
    stack = await createStack();
    ada = await helpfulPerson(stack);
    const bin = path.join(stack.folder, 'bin');
    mkdirSync(bin);
    program = path.join(bin, 'worker-bee');
    settings = { PATH: `${bin}:${process.env.PATH}`, check_s: '0.3', poll_s: '0.2', beat_s: '0.2' };
  });
  afterEach(() => stack.close());

  function install(): void {
    writeFileSync(program, WORKS);
    chmodSync(program, 0o755);
  }
  async function reported(): Promise<Report | undefined> {
    const [row] = await stack.sql<{ agents: Report[] }>('select agents from coffee.daemon_status');
    return row?.agents.find((agent) => agent.projects.length > 0);
  }
  const told = () =>
    stack.sql<{ title: string; message: string }>(
      `select title, message from coffee.notifications where kind = 'warning' order by id`,
    );

  it('stays planned, says once what is missing, and is begun when the agent appears', async () => {
    await ada.plan(stack.repository('shop'), [{ title: 'One' }, { title: 'Two' }], {
      agent: 'command',
      agent_command: ['worker-bee'],
    });
    await stack.daemon('worker', settings);
    await stack.until(`select count(*) > 0 as ok from coffee.notifications where kind = 'warning'`);
    expect(await told()).toEqual([
      {
        title: expect.stringMatching(/^\w+: 2 priorities wait for an agent on \S+$/),
        message: 'worker-bee is not an executable file on PATH\nInstall it, or name its full path.',
      },
    ]);
    await stack.until(`select agents @> '[{"available": false, "name": "command"}]' as ok
      from coffee.daemon_status`);
    expect(await reported()).toEqual({
      name: 'command',
      available: false,
      reason: 'worker-bee is not an executable file on PATH',
      hint: 'Install it, or name its full path.',
      projects: [expect.any(String)],
    });
    // Several looks later nothing has been begun, and nobody was told twice.
    const beaten = 'select heartbeat_at > $1::timestamptz as ok from coffee.daemon_status';
    await stack.until(beaten, [new Date(Date.now() + 500)]);
    expect(await stack.sql('select from coffee.attempts')).toEqual([]);
    expect(await told()).toHaveLength(1);

    install();
    await ada.help();
    await stack.until(`select agents @> '[{"available": true, "name": "command"}]' as ok
      from coffee.daemon_status`);
    expect((await reported())?.reason).toMatch(/worker-bee$/);
  });

  it('because it vanished: work that was begun waits for it, and people are told again', async () => {
    install();
    const project = await ada.project(stack.repository('shop'), {
      agent: 'command',
      agent_command: ['worker-bee'],
    });
    await ada.add(project, 'One');
    await stack.daemon('worker', { ...settings, check_s: '2' });
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);

    rmSync(program);
    await ada.add(project, 'Two'); // the daemon still believes that the agent is there
    await stack.until(`select count(*) = 1 as ok from coffee.notifications where kind = 'warning'`);
    install();
    await ada.help();
    const outcomes = await stack.sql('select outcome, reason from coffee.attempts order by id');
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['review', 'review']);
  });

  it('because nobody has logged Claude Code in: the reason says what to set', async () => {
    const project = await ada.project(stack.repository('shop'), { agent: 'claude' });
    await ada.add(project, 'One');
    const claude = path.join(path.dirname(program), 'claude');
    writeFileSync(claude, '#!/bin/sh\necho 2.1.197\n');
    chmodSync(claude, 0o755);
    const daemon = await stack.daemon('worker', settings);
    await stack.until(`select count(*) > 0 as ok from coffee.notifications where kind = 'warning'`);
    expect((await told())[0]!.message).toBe(
      'Claude Code has no credential\n' +
        'Set ANTHROPIC_API_KEY, or CLAUDE_CODE_OAUTH_TOKEN (claude setup-token prints one).',
    );

    // A login that is stored in the agent's own home will do as well.
    const root = agentRoots(daemon.home).findLast((folder) => existsSync(folder));
    const stored = path.join(root!, 'homes', project, '.claude');
    mkdirSync(stored, { recursive: true });
    writeFileSync(path.join(stored, '.credentials.json'), '{}');
    await stack.until(
      `select agents @> '[{"available": true, "name": "claude"}]' as ok from coffee.daemon_status`,
    );
    expect((await reported())?.reason).toBe(`${claude}, a stored login`);
  });
});
