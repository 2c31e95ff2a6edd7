import { createAgent } from '@coffee-roadmap/shared/agents/registry';
import path from 'node:path';
import { createRecordingHost } from './recording-host';
import { until } from '../support/until';
import { makeWorkPlace, type WorkPlace } from './work-place';

const program = path.join(__dirname, 'odd-program.mjs');
const PATH = '/usr/local/bin:/usr/bin:/bin';
const agent = createAgent('command', {
  path: PATH,
  command: [process.execPath, program],
  credentials: { ANTHROPIC_API_KEY: 'key' },
  identity: { name: 'Agent', email: 'agent@example.org' },
});

let place: WorkPlace;
beforeEach(async () => {
  place = await makeWorkPlace();
});
afterEach(() => place.remove());

const start = async (deed: string, reply?: () => string, budgetUsd?: number) => {
  const host = createRecordingHost(reply);
  const run = await agent.start(place.task(deed, { budgetUsd }), host, place.sandbox);
  return { host, run };
};

test('shows what is not of the protocol as a message', async () => {
  const { host, run } = await start('plain text');
  expect(await run.outcome).toMatchObject({ kind: 'finished' });
  expect(host.steps()).toEqual([
    'message hello',
    'message {"type":"unknown","text":"kept as it is"}',
  ]);
});

test('gets its credentials and its name, and nothing of ours', async () => {
  const { run } = await start('environment');
  const outcome = await run.outcome;
  const environment = JSON.parse(outcome.kind === 'finished' ? outcome.summary : '{}') as object;
  expect(environment).toMatchObject({
    ANTHROPIC_API_KEY: 'key',
    GIT_AUTHOR_NAME: 'Agent',
    GIT_COMMITTER_EMAIL: 'agent@example.org',
    HOME: place.home,
    PATH,
  });
  const names = Object.keys(environment).filter((name) => name !== 'PWD');
  expect(names.sort()).toEqual([
    ...['ANTHROPIC_API_KEY', 'COFFEE_ROADMAP_RUN'],
    ...['GIT_AUTHOR_EMAIL', 'GIT_AUTHOR_NAME', 'GIT_COMMITTER_EMAIL', 'GIT_COMMITTER_NAME'],
    ...['HOME', 'LANG', 'PATH', 'TERM'],
  ]);
});

test('a flood is counted, not kept', async () => {
  const { host, run } = await start('flood');
  expect(await run.outcome).toEqual({ kind: 'finished', summary: 'line 19999' });
  expect(host.events.length).toBeLessThan(1_000);
  expect(host.steps().at(-1)).toMatch(/^progress \d+ more lines came too fast to be kept$/);
});

test('a line beyond one mebibyte is left out', async () => {
  const { host, run } = await start('long line');
  await run.outcome;
  expect(host.steps()).toEqual([
    'progress a line of more than 1048576 bytes was left out',
    'message after it',
  ]);
});

test('a line on which we fail is left out, and ends neither the run nor us', async () => {
  const { host, run } = await start('nested');
  expect(await run.outcome).toMatchObject({ kind: 'finished' });
  expect(host.steps()).toEqual([
    expect.stringMatching(/^progress a line of the program was left out: .*stack/),
    'message after it',
  ]);
});

test('a crash is a failure with the last output', async () => {
  const { run } = await start('crash');
  expect(await run.outcome).toEqual({
    kind: 'failed',
    reason: 'the agent ended with exit code 3',
    lastOutput: 'it broke',
  });
});

test('the same question asked twice in one run is two questions', async () => {
  const { host, run } = await start('twice', () => 'Yes');
  expect(await run.outcome).toMatchObject({ kind: 'finished' });
  const [first, second] = host.questions.map(({ key }) => key);
  expect(second).toBe(`${first}:2`);
  expect(host.steps()[0]).toContain('"answered_by":"a person"');
});

test('a flood of questions ends the run', async () => {
  const { host, run } = await start('many questions');
  await until('it has asked', () => host.questions.length === 20);
  await run.stop();
  expect(await run.outcome).toMatchObject({
    kind: 'failed',
    reason: 'it asked more than 20 questions at once',
  });
});

test('a program that spends its budget is ended', async () => {
  const { host, run } = await start('spend', undefined, 3);
  expect(await run.outcome).toMatchObject({ kind: 'over_budget' });
  expect(host.usage()?.costUsd).toBeGreaterThanOrEqual(3);
});

test('says what is missing, and refuses to start without it', async () => {
  expect(await createAgent('command', { path: PATH }).check()).toMatchObject({
    available: false,
    reason: 'no agent command is set',
  });
  const missing = createAgent('command', { path: PATH, command: ['no-such-program'] });
  expect(await missing.check()).toMatchObject({
    available: false,
    reason: 'no-such-program is not an executable file on PATH',
  });
  await expect(
    missing.start(place.task('x'), createRecordingHost(), place.sandbox),
  ).rejects.toMatchObject({ code: 'agent_missing' });
  expect(await agent.check(place.sandbox)).toMatchObject({ available: true });
  expect(() => createAgent('toString', { path: PATH })).toThrow('there is no agent "toString"');
});

describe.each([
  ['with bubblewrap', true],
  ['without bubblewrap', false],
])('the tree of its processes, %s', (_, bubblewrap) => {
  beforeEach(async () => {
    await place.remove();
    place = await makeWorkPlace({ bubblewrap });
  });

  test('what it left in the background does not keep the run open', async () => {
    const { run } = await start('lingering');
    expect(await run.outcome).toEqual({ kind: 'finished', summary: 'done, but not gone' });
    await until('nothing of it is left', () => place.processes().length === 0);
  });

  test('hold freezes the whole tree, release lets it go on, stop leaves nothing', async () => {
    const { host, run } = await start('count');
    const ticks = () => host.steps().filter((step) => step.startsWith('message tick')).length;
    await until('it ticks', () => ticks() >= 2);
    run.hold();
    run.hold();
    const states = () =>
      place.processes().flatMap(({ program, state }) => (program === 'node' ? [state] : []));
    await until('all are stopped', () => states().join('') === 'TT');
    const held = ticks();
    run.release();
    await until('it ticks again', () => ticks() > held);
    run.hold();
    await run.stop();
    expect(await run.outcome).toEqual({ kind: 'stopped' });
    expect(place.processes()).toEqual([]);
  });
});
