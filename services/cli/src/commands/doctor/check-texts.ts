import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { placesOf } from '@coffee-roadmap/shared/texts/places';
import { waitingBytes, waitingSince } from '@coffee-roadmap/shared/texts/outbox';
import { findTextSetting } from '@coffee-roadmap/shared/texts/setting';
import { findTooOld } from '@coffee-roadmap/shared/texts/too-old';
import { bytesText } from '../backup/words';
import { ago } from '../../terminal/ago';
import type { Finding } from './finding';

const LONG_MS = 86_400_000;

/** Whether texts of messages leave this machine; nothing to say where they do not. */
export function checkTexts(config: Config, now: number): Finding[] {
  const check = 'texts';
  try {
    const setting = findTextSetting(config.paths);
    if (setting === undefined) return [];
    const to = setting.to.join(' and ');
    const message = `of messages leave this machine since ${setting.since.slice(0, 10)}, for ${to}`;
    if (placesOf(config).some((place) => setting.to.includes(place)))
      return [waiting(config, now) ?? { check, state: 'ok', message }];
    const hint = 'coffee-roadmap texts on for where push sends now, or texts off';
    return [{ check, state: 'warn', message: `${message}, which is set up no more`, hint }];
  } catch (error) {
    const hint = error instanceof AppError ? error.hint : undefined;
    return [{ check, state: 'fail', message: messageOf(error), hint }];
  }
}

/** Those that have waited for long; undefined where none has. */
function waiting({ paths }: Config, now: number): Finding | undefined {
  const [since, bytes] = [waitingSince(paths), waitingBytes(paths)];
  const tooOld = findTooOld(paths);
  if (since === undefined || (tooOld === undefined && now - since.getTime() < LONG_MS))
    return undefined;
  const waits = `${bytesText(bytes)} of messages wait, from ${ago(since, new Date(now))}`;
  if (tooOld === undefined)
    return { check: 'texts', state: 'warn', message: waits, hint: 'coffee-roadmap push says why' };
  return {
    ...{ check: 'texts', state: 'warn', message: `${waits}: ${tooOld.place} is too old for them` },
    hint: 'update it, then coffee-roadmap texts on; or texts off',
  };
}
