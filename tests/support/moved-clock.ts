import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The clock of one program, which tells what it is told to tell. */
export interface MovedClock {
  /** For whatever is to live by it. */
  variables: Record<string, string>;
  /** By so many seconds from the true time, within a second. */
  move(seconds: number): void;
}

/** Debian's place first, then where others build it. */
const FOLDERS = ['/usr/lib', '/usr/local/lib', '/usr/lib64'];

/** libfaketime for programs with threads; undefined where it is not installed. */
export function findFaketime(): string | undefined {
  const folders = FOLDERS.filter((folder) => existsSync(folder));
  const below = folders.flatMap((folder) => [
    path.join(folder, 'faketime'),
    ...readdirSync(folder)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => path.join(folder, name, 'faketime')),
  ]);
  return below
    .map((folder) => path.join(folder, 'libfaketimeMT.so.1'))
    .find((file) => existsSync(file));
}

/** Only what tells the time of day moves: timers go by a clock that no administrator sets either. */
export function makeClock(library: string, file: string): MovedClock {
  const move = (seconds: number): void =>
    writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}s\n`);
  move(0);
  return {
    variables: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    move,
  };
}
