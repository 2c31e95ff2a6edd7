import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { branchName } from '../git/branch-name';
import { detectDefaultBranch } from '../git/detect-default-branch';
import { ensureMirror } from '../git/ensure-mirror';
import { createSampleProject } from './create-sample-project';
import { SAMPLE_PRIORITIES } from './priorities';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'coffee sample '));
  folder = path.join(root, 'greeter');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();

describe('createSampleProject', () => {
  it('makes a real repository with a clean working tree', async () => {
    const sample = await createSampleProject({ folder });
    expect(sample).toMatchObject({ repository: folder, defaultBranch: 'main' });
    expect(git('status', '--porcelain', '--branch')).toBe('## main');
    expect(git('log', '--reverse', '--format=%s, %an')).toBe(
      'Greet somebody, Coffee Roadmap\nTest the greeting, Coffee Roadmap',
    );
    expect(existsSync(path.join(folder, 'README.md'))).toBe(true);
    expect(readdirSync(root)).toEqual(['greeter']);
  });

  it('makes a program that works and a test that passes', async () => {
    await createSampleProject({ folder });
    const run = (...args: string[]) =>
      execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect(run('src/greet.mjs', 'Ada')).toBe('Hello, Ada!\n');
    expect(run('--test', 'test/')).toContain('pass 1');
  });

  it('makes the same commits everywhere', async () => {
    await createSampleProject({ folder });
    const first = git('rev-parse', 'HEAD');
    rmSync(folder, { recursive: true });
    await createSampleProject({ folder });
    expect(git('rev-parse', 'HEAD')).toBe(first);
  });

  it('keeps the one that is there, and never writes into another folder', async () => {
    await createSampleProject({ folder });
    writeFileSync(path.join(folder, 'mine.txt'), 'mine');
    await createSampleProject({ folder });
    expect(readdirSync(folder)).toContain('mine.txt');
    await expect(createSampleProject({ folder: root })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('is a repository that the daemon can serve', async () => {
    await createSampleProject({ folder });
    const mirror = path.join(root, 'state', 'sample.git');
    await ensureMirror({ folder: mirror, url: folder });
    await expect(detectDefaultBranch({ mirror, url: folder })).resolves.toEqual({
      branch: 'main',
      empty: false,
    });
  });
});

describe('SAMPLE_PRIORITIES', () => {
  it('has three, with one question among them', () => {
    expect(SAMPLE_PRIORITIES.map(({ number, title }) => branchName(number, title))).toEqual([
      'roadmap/1-say-hello-in-the-readme',
      'roadmap/2-choose-a-licence',
      'roadmap/3-add-a-changelog',
    ]);
    const questions = SAMPLE_PRIORITIES.flatMap(({ body }) => body.match(/^Ask: .*$/gm) ?? []);
    expect(questions).toEqual([
      'Ask: Which licence should this project have? MIT / Apache-2.0 / None for now',
    ]);
  });
});
