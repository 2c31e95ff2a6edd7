import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bubblewrapPrefix, isInside } from './bubblewrap';

const view = {
  bubblewrap: '/usr/bin/bwrap',
  show: [],
  hide: [],
  writable: [],
  userNamespace: true,
};

test('a folder is inside itself and its parents, whatever its name begins with', () => {
  expect(isInside('/a/b', '/a')).toBe(true);
  expect(isInside('/a', '/a')).toBe(true);
  expect(isInside('/a/..b', '/a')).toBe(true);
  expect(isInside('/ab', '/a')).toBe(false);
  expect(isInside('/', '/a')).toBe(false);
});

test('shows nothing of /home, /run or /tmp but what is named', () => {
  const prefix = bubblewrapPrefix({ ...view, cwd: '/', writable: ['/tmp/work/one'] });
  const bound = prefix.filter((_, at) => /^--(ro-)?bind$/.test(prefix[at - 1] ?? ''));
  expect(bound.filter((file) => /^\/(home|run|tmp|root|var)\b/.test(file))).toEqual(
    expect.arrayContaining(['/tmp/work/one']),
  );
  expect(bound).not.toContain('/');
  expect(prefix.at(-1)).toBe('--');
});

test('covers a hidden folder inside a shown one before it opens the workspace in it', () => {
  const shown = mkdtempSync(path.join(os.tmpdir(), 'coffee-bubblewrap-'));
  try {
    const prefix = bubblewrapPrefix({
      ...view,
      cwd: shown,
      show: [shown],
      hide: [shown, '/nowhere'],
      writable: [path.join(shown, 'work')],
    });
    const cover = prefix.indexOf(shown, prefix.lastIndexOf('--tmpfs'));
    expect(prefix[cover - 1]).toBe('--tmpfs');
    expect(prefix.indexOf('--bind')).toBeGreaterThan(cover);
    expect(prefix).not.toContain('/nowhere');
  } finally {
    rmSync(shown, { recursive: true, force: true });
  }
});
