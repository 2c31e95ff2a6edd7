import type { Session } from '@coffee-roadmap/shared/db/session';
import {
  claimNextTask,
  finishAttempt,
  finishMerge,
  reportStatus,
  type Task,
} from '@coffee-roadmap/shared/tasks/queries';
import { randomUUID } from 'node:crypto';
import { createTeam, type Team } from './team';

let team: Team;
let projectId: string;
let daemon: Session<'daemon'>;

beforeAll(async () => {
  team = await createTeam();
  projectId = await team.project('shop');
  daemon = await team.daemon('builder');
});
afterAll(() => team.close());

async function claim(): Promise<Task | undefined> {
  return claimNextTask(daemon, {
    instance: randomUUID(),
    agents: ['rehearsal'],
    projects: [projectId],
    leaseMs: 60_000,
    graceMs: 0,
  });
}

/** An item with a branch to merge, under review. */
async function reviewed(title: string): Promise<string> {
  const { number } = await team.ada.cli.json<{ number: string }>(['roadmap', 'add', title]);
  const task = (await claim())!;
  const facts = { branch: `roadmap/${number}-x`, commit_hash: 'a'.repeat(40) };
  await finishAttempt(daemon, task, { outcome: 'review', reason: 'done', facts });
  return number;
}

const alive = () =>
  reportStatus(daemon, {
    state: 'idle',
    version: '1',
    isolated: true,
    started_at: new Date().toISOString(),
  });

describe('accept', () => {
  it('says at once when no daemon could merge', async () => {
    const number = await reviewed('Without a daemon');
    const result = await team.ada.cli.run(['roadmap', 'accept', number]);
    expect(result).toMatchObject({
      code: 0,
      stdout: `Accepted: ${number}. Without a daemon\n`,
      stderr: expect.stringContaining('as soon as a daemon runs that serves shop'),
    });
    await finishMerge(daemon, (await claim())!, {
      outcome: 'merged',
      commit: 'b'.repeat(40),
      reason: '',
    });
  });

  it('says so when the daemon is paused', async () => {
    await alive();
    const number = await reviewed('While paused');
    await team.ada.cli.run(['daemon', 'pause']);
    const result = await team.ada.cli.run(['roadmap', 'accept', number]);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('builder is paused') });
    await team.ada.cli.run(['daemon', 'resume']);
    await finishMerge(daemon, (await claim())!, {
      outcome: 'merged',
      commit: 'b'.repeat(40),
      reason: '',
    });
  });

  it('waits until it is merged', async () => {
    await alive();
    const number = await reviewed('With a daemon');
    const accepting = team.ada.cli.start(['roadmap', 'accept', number]);
    await accepting.said(/a daemon merges/, 'stderr');
    await finishMerge(daemon, (await claim())!, {
      outcome: 'merged',
      commit: 'b'.repeat(40),
      reason: '',
    });
    expect(await accepting.ended).toMatchObject({
      code: 0,
      stdout: `Done: ${number}. With a daemon\n`,
    });
  });

  it('fails with the reason when it conflicts, or is refused', async () => {
    await alive();
    const conflicting = await reviewed('Conflicting');
    const accepting = team.ada.cli.start(['roadmap', 'accept', conflicting]);
    await accepting.said(/a daemon merges/, 'stderr');
    const reason = 'README.md was changed on both sides';
    await finishMerge(daemon, (await claim())!, { outcome: 'conflict', commit: null, reason });
    expect(await accepting.ended).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining(`${conflicting} is planned again: ${reason}`),
    });
    await team.ada.cli.run(['roadmap', 'block', conflicting]);

    const refused = await reviewed('Refused');
    const again = team.ada.cli.start(['roadmap', 'accept', refused, '--json']);
    await again.said(/a daemon merges/, 'stderr');
    await finishMerge(daemon, (await claim())!, {
      outcome: 'refused',
      commit: null,
      reason: 'hook',
    });
    expect(await again.ended).toMatchObject({ code: 1, stdout: '' });
    await team.ada.cli.run(['roadmap', 'block', refused]);
  });

  it('gives up waiting after the timeout, while the work goes on', async () => {
    await alive();
    const number = await reviewed('Slow');
    const result = await team.ada.cli.run(['roadmap', 'accept', number, '--timeout', '1s']);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('not merged yet') });
    const other = await team.ada.cli.run(['roadmap', 'accept', number]);
    expect(other).toMatchObject({ code: 5, stderr: expect.stringContaining('by Ada already') });
    await finishMerge(daemon, (await claim())!, {
      outcome: 'merged',
      commit: 'b'.repeat(40),
      reason: '',
    });
    const quick = await reviewed('Not waiting');
    expect(await team.ada.cli.json(['roadmap', 'accept', quick, '--no-wait'])).toMatchObject({
      state: 'in_review',
    });
  });

  it('is done at once where a person merges', async () => {
    await finishMerge(daemon, (await claim())!, {
      outcome: 'merged',
      commit: 'b'.repeat(40),
      reason: '',
    });
    await team.ada.cli.run(['projects', 'set', 'shop', '--merge', 'manual']);
    const number = await reviewed('By hand');
    expect(await team.ada.cli.json(['roadmap', 'accept', number])).toMatchObject({ state: 'done' });
  });
});
