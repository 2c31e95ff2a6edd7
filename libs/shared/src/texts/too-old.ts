import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';

/** A receiver that was made before there were texts. */
export interface TooOld {
  place: string;
  /** When it last said so, ISO 8601. */
  at: string;
}

/** What waits may be much: how long it is not sent there again. */
const PATIENCE_MS = 86_400_000;

const fileOf = ({ data }: Paths): string => path.join(data, 'texts', 'too-old.json');

export function findTooOld(paths: Paths): TooOld | undefined {
  try {
    return readPrivateJson<TooOld>(fileOf(paths));
  } catch {
    return undefined; // one more try makes it anew
  }
}

export const noteTooOld = (paths: Paths, place: string, now: Date): void =>
  writePrivateJson(fileOf(paths), { place, at: now.toISOString() });

/** It is tried with the next push. */
export const forgetTooOld = (paths: Paths): void => rmSync(fileOf(paths), { force: true });

/** Whether that place was too old for texts within the last day. */
export function isTooOld(paths: Paths, place: string, now: Date): boolean {
  const found = findTooOld(paths);
  if (found?.place !== place) return false;
  const ago = now.getTime() - Date.parse(found.at);
  return ago >= 0 && ago < PATIENCE_MS; // a clock may have been put back
}
