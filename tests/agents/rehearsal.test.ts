import { createAgent } from '@coffee-roadmap/shared/agents/registry';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createRecordingHost } from './recording-host';
import { makeWorkPlace, type WorkPlace } from './work-place';

const agent = createAgent('rehearsal', { path: '/usr/local/bin:/usr/bin:/bin' });
const PROMPT = [
  'You are working on priority 2 of the roadmap of "Sample".',
  '',
  '# Greet people by name',
  '',
  'The greeting is impersonal.',
  'Ask: Which greeting? Hello / Good morning',
  '',
  '# How to work',
  '',
  'You are in a clone of your own.',
].join('\n');

let place: WorkPlace;
beforeEach(async () => {
  place = await makeWorkPlace();
});
afterEach(() => place.remove());

const run = async (prompt: string, reply?: () => string) => {
  const host = createRecordingHost(reply);
  const { outcome } = await agent.start(place.task(prompt), host, place.sandbox);
  return { outcome: await outcome, host };
};

test('writes what the priority says and what a person decided', async () => {
  await place.write('CHANGELOG.md', '# Changelog\n');
  const { outcome, host } = await run(PROMPT, () => 'Good morning');
  expect(outcome).toEqual({ kind: 'finished', summary: 'Wrote docs/greet-people-by-name.md.' });
  expect(await place.read('docs/greet-people-by-name.md')).toBe(
    '# Greet people by name\n\nThe greeting is impersonal.\n\nDecided: Which greeting? Good morning\n',
  );
  expect(await place.read('CHANGELOG.md')).toBe('# Changelog\n- Greet people by name\n');
  expect(host.questions).toEqual([
    {
      key: expect.stringMatching(/^question:[0-9a-f]{32}$/),
      kind: 'question',
      title: 'Which greeting?',
      message: 'Which greeting?',
      options: [{ label: 'Hello' }, { label: 'Good morning' }],
      multiple: false,
      freeText: true,
    },
  ]);
  expect(host.usage()).toMatchObject({ costUsd: 0, model: 'rehearsal' });
  expect(host.steps()).toContain('tool Write: docs/greet-people-by-name.md');
});

test('does the same when it is run again: same question, same files, one line in the changelog', async () => {
  await place.write('CHANGELOG.md', '# Changelog\n');
  const first = await run(PROMPT, () => 'Hello');
  const second = await run(PROMPT, () => 'Hello');
  expect(second.host.questions).toEqual(first.host.questions);
  expect(await place.read('CHANGELOG.md')).toBe('# Changelog\n- Greet people by name\n');
});

test('asks nothing and makes no changelog where none is wanted', async () => {
  const { outcome, host } = await run('# Tidy up\n\nSome text.');
  expect(outcome.kind).toBe('finished');
  expect(host.questions).toEqual([]);
  expect(existsSync(path.join(place.workspace, 'CHANGELOG.md'))).toBe(false);
});

test('keeps both sides of conflicts', async () => {
  await place.write(
    'list.txt',
    'a\n<<<<<<< HEAD\nours\n||||||| base\nold\n=======\ntheirs\n>>>>>>> main\nz\n',
  );
  await run('# Resolve');
  expect(await place.read('list.txt')).toBe('a\nours\ntheirs\nz\n');
});

test('fails, does nothing, or takes its time when the task says so', async () => {
  expect((await run('# A\n\nFail: no idea')).outcome).toMatchObject({
    kind: 'failed',
    reason: 'no idea',
  });
  expect((await run('# B\n\nNothing')).outcome).toEqual({
    kind: 'finished',
    summary: 'There was nothing to change.',
  });
  expect(existsSync(path.join(place.workspace, 'docs'))).toBe(false);
  const { host } = await run('# C\n\n- Slow: 2');
  expect(host.steps()).toEqual(
    expect.arrayContaining(['progress step 1 of 2', 'progress step 2 of 2']),
  );
});
