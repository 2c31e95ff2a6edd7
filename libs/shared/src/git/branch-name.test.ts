import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { branchName, branchRef } from './branch-name';

describe('branchName', () => {
  it.each([
    ['1', 'Say hello in the README', 'roadmap/1-say-hello-in-the-readme'],
    ['2.10', 'Choose a licence!', 'roadmap/2.10-choose-a-licence'],
    ['US-062', 'Straße für Øl, naïve', 'roadmap/US-062-strasse-fur-l-naive'],
    ['3', '日本語', 'roadmap/3'],
    ['4', '--upload-pack=touch /tmp/x', 'roadmap/4-upload-pack-touch-tmp-x'],
    ['5', 'a.lock', 'roadmap/5-a-lock'],
  ])('makes %s %s into %s', (number, title, branch) => {
    expect(branchName(number, title)).toBe(branch);
  });

  it('cuts long titles at 60 characters and never ends in a dash', () => {
    const branch = branchName(12, `${'word '.repeat(9)}and more and more`);
    expect(branch.length).toBeLessThanOrEqual(60);
    expect(branch).not.toMatch(/-$/);
  });

  it('refuses what is not a number', () => {
    expect(() => branchName('../x', 'x')).toThrow('not a priority');
  });

  it('always makes a name that git accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        const branch = branchName(7, title);
        expect(branch).toMatch(/^[\x21-\x7e]{1,60}$/);
        execFileSync('git', ['check-ref-format', branchRef(branch)]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('branchRef', () => {
  it('says what git says about a name', () => {
    const names = ['main', 'a/b', 'ä', 'a..b', 'a.lock', '.a', 'a/.b', 'a b', 'a~', 'a@{b', 'a//b'];
    for (const name of [
      ...names,
      'a/',
      '/a',
      'a.',
      'a\\b',
      'a*',
      'a:b',
      'a^',
      'a?',
      'a[',
      '@',
      '',
    ]) {
      expect({ name, legal: isLegal(() => branchRef(name)) }).toEqual({
        name,
        legal: isLegal(() =>
          execFileSync('git', ['check-ref-format', `refs/heads/${name}`], { stdio: 'ignore' }),
        ),
      });
    }
  });

  it('refuses names that look like options', () => {
    expect(() => branchRef('--upload-pack=x')).toThrow('not a branch name');
  });
});

function isLegal(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
