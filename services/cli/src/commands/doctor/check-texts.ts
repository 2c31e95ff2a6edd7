import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { placesOf } from '@coffee-roadmap/shared/texts/places';
import { findTextSetting } from '@coffee-roadmap/shared/texts/setting';
import type { Finding } from './finding';

/** Whether texts of messages leave this machine; nothing to say where they do not. */
export function checkTexts(config: Config): Finding[] {
  const check = 'texts';
  try {
    const setting = findTextSetting(config.paths);
    if (setting === undefined) return [];
    const to = setting.to.join(' and ');
    const message = `of messages leave this machine since ${setting.since.slice(0, 10)}, for ${to}`;
    if (placesOf(config).some((place) => setting.to.includes(place)))
      return [{ check, state: 'ok', message }];
    const hint = 'coffee-roadmap texts on for where push sends now, or texts off';
    return [{ check, state: 'warn', message: `${message}, which is set up no more`, hint }];
  } catch (error) {
    const hint = error instanceof AppError ? error.hint : undefined;
    return [{ check, state: 'fail', message: messageOf(error), hint }];
  }
}
