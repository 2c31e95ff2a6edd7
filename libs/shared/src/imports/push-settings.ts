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

/** The same over HTTP: the address of a dashboard. */
export interface HttpSettings {
  http_url: string;
  machine_token: string;
}

type File = Partial<PushSettings & HttpSettings>;

const fileOf = (config: Config): string => path.join(config.paths.config, 'push.json');

/** The environment goes before push.json. */
function readSettings(config: Config): File {
  const file = readPrivateJson<File>(fileOf(config)) ?? {};
  const { collector_url, push_url, machine_token } = config.env.settings;
  return {
    collector_url: collector_url ?? file.collector_url,
    http_url: push_url ?? file.http_url,
    machine_token: machine_token ?? file.machine_token,
  };
}

/** COFFEE_ROADMAP_COLLECTOR_URL and COFFEE_ROADMAP_MACHINE_TOKEN go before push.json. */
export function findPushSettings(config: Config): PushSettings | undefined {
  const { collector_url: url, machine_token: token, http_url: http } = readSettings(config);
  if (url === undefined && (token === undefined || http !== undefined)) return undefined;
  if (typeof url === 'string' && typeof token === 'string')
    return { collector_url: url, machine_token: token };
  throw new AppError('not_configured', 'the collector’s URL and this machine’s token go together', {
    hint: 'coffee-roadmap push --set-up asks for both.',
  });
}

/** `url` goes before COFFEE_ROADMAP_PUSH_URL, and that before push.json. Undefined: no address is known. */
export function findHttpSettings(config: Config, url?: string): HttpSettings | undefined {
  const { http_url, machine_token: token } = readSettings(config);
  const address = url ?? http_url;
  if (address === undefined) return undefined;
  const http = checkHttpUrl(address);
  if (typeof token === 'string') return { http_url: http, machine_token: token };
  throw new AppError('not_configured', 'over HTTP this machine needs a token', {
    hint: 'coffee-roadmap push --set-up --url URL asks for it; machines token create makes one.',
  });
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Throws `invalid_input` for what is no address, and where the token could be read on its way. */
export function checkHttpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw new AppError('invalid_input', 'this is no address of a dashboard', {
      hint: 'It looks like https://coffee.example.org',
    });
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw new AppError('invalid_input', 'a token goes over https alone', {
      hint: 'Put the dashboard behind TLS, or send through a tunnel to 127.0.0.1.',
    });
  return url.href;
}

/** The other address stays only where the token is the same: a token is of one database. */
export function savePushSettings(config: Config, settings: File): void {
  const before = readPrivateJson<File>(fileOf(config)) ?? {};
  const kept = before.machine_token === settings.machine_token ? before : {};
  writePrivateJson(fileOf(config), { ...kept, ...settings });
}
