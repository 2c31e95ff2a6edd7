import { loadConfig } from '@coffee-roadmap/shared/config/config';
import { readEnvironment } from '@coffee-roadmap/shared/config/env';
import { makeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import {
  makeWorkstation,
  type Workstation,
} from '@coffee-roadmap/shared/transcripts/testing/workstation';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { checkIdentity, checkTranscripts } from './check-transcripts';

let machine: Workstation;
beforeEach(() => (machine = makeWorkstation()));
afterEach(() => machine.remove());

const config = () => {
  const env = { ...readEnvironment(), claudeConfigDir: machine.claude };
  return { ...loadConfig(env), env, paths: machine.paths };
};
const look = (now = Date.now()) => checkTranscripts(config(), now);

it('says how long transcripts are kept, and what would be lost', async () => {
  expect(look()).toEqual([]); // there are none
  machine.write(makeCorpus({ seed: 1, sessions: 2 }));
  expect(look()).toMatchObject([
    {
      check: 'transcripts',
      state: 'warn',
      message: expect.stringMatching(/after 30 days .* goes on 2/),
    },
  ]);
  expect(look(Date.now() + 40 * 86_400_000)[0]!.message).toContain('any time now');
  writeFileSync(path.join(machine.claude, 'settings.json'), '{"cleanupPeriodDays":7}');
  expect(look()[0]!.message).toContain('after 7 days');
});

it('is content where all is collected, and counts what is left here alone', async () => {
  const corpus = makeCorpus({ seed: 1, sessions: 3, quirks: undefined });
  machine.write(corpus);
  await machine.collector().pass();
  expect(look()).toMatchObject([
    { state: 'ok', message: expect.stringContaining('are collected') },
  ]);
  rmSync(path.join(machine.claude, [...corpus.keys()][0]!));
  expect(look()[0]!.message).toContain('1 more are in the spool alone');
});

it('names the machine', () => {
  expect(checkIdentity(config())).toMatchObject([{ state: 'ok', check: 'machine' }]);
  rmSync(path.join(machine.paths.data, 'machine.json'));
  expect(checkIdentity(config())).toEqual([]);
});
