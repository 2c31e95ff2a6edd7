import path from 'node:path';
import type { Config } from '../config/config';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import { AppError } from '../errors';

/** Where this machine reports, and with what; without it, with one's own login. */
export interface PushSettings {
  /** Of the collector's login, which reads nothing. */
  collector_url: string;
  machine_token: string;
}

const fileOf = (config: Config): string => path.join(config.paths.config, 'push.json');

/** COFFEE_ROADMAP_COLLECTOR_URL and COFFEE_ROADMAP_MACHINE_TOKEN go before push.json. */
export function findPushSettings(config: Config): PushSettings | undefined {
  const file = readPrivateJson<Partial<PushSettings>>(fileOf(config)) ?? {};
  const { collector_url, machine_token } = config.env.settings;
  const url = collector_url ?? file.collector_url;
  const token = machine_token ?? file.machine_token;
  if (url === undefined && token === undefined) return undefined;
  if (typeof url === 'string' && typeof token === 'string')
    return { collector_url: url, machine_token: token };
  throw new AppError('not_configured', 'the collector’s URL and this machine’s token go together', {
    hint: 'coffee-roadmap push --set-up asks for both.',
  });
}

export function savePushSettings(config: Config, settings: PushSettings): void {
  writePrivateJson(fileOf(config), settings);
}
