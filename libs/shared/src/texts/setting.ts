import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import { AppError } from '../errors';
import { isInstant } from '../records/record-id';

/** Whether this machine sends texts of messages; without the file it never does. */
export interface TextSetting {
  /** Only messages from then on; as `at` of records. */
  since: string;
  /** Where they may go, as `placesOf` names it: a database that is set up later is none of these. */
  to: string[];
}

export const textsFile = ({ config }: Paths): string => path.join(config, 'texts.json');

/** Undefined: no text leaves this machine. Throws `not_configured` for a file that is wrong. */
export function findTextSetting(paths: Paths): TextSetting | undefined {
  const found = readSetting(paths);
  if (found === undefined) return undefined;
  const { since, to } = found;
  if (
    typeof since === 'string' &&
    isInstant(since) &&
    Array.isArray(to) &&
    to.every((place) => typeof place === 'string')
  )
    return { since, to };
  throw wrongSetting(paths);
}

function readSetting(paths: Paths): Partial<TextSetting> | undefined {
  try {
    return readPrivateJson<Partial<TextSetting>>(textsFile(paths));
  } catch (error) {
    const isWrong = error instanceof AppError && error.code === 'not_configured';
    throw isWrong ? wrongSetting(paths, error) : error;
  }
}

const wrongSetting = (paths: Paths, cause?: unknown): AppError =>
  new AppError('not_configured', `${textsFile(paths)} is not as we write it`, {
    hint: 'coffee-roadmap texts off removes it; nothing is sent meanwhile.',
    cause,
  });

/** The same for whoever collects and sends: a file that is wrong is off, and `doctor` tells of it. */
export function settingInForce(paths: Paths): TextSetting | undefined {
  try {
    return findTextSetting(paths);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

export const saveTextSetting = (paths: Paths, setting: TextSetting): void =>
  writePrivateJson(textsFile(paths), setting);

export const removeTextSetting = (paths: Paths): void => rmSync(textsFile(paths), { force: true });
