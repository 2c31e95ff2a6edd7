import { loadConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How Slack reaches us. */
export type Transport =
  { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string; port: number };

export interface SlackConfig {
  url: string;
  botToken: string;
  transport: Transport;
  apiUrl: string | undefined;
  /** Ids of channels: the default, and by `project` or `team/project` in lower case. */
  channel: string | null;
  channels: Record<string, string>;
  /** Ids of users and user groups that critical notifications mention. */
  onCall: string[];
  /** Null: no digest. */
  digestHour: number | null;
  timeZone: string;
  leaseMs: number;
  pollMs: number;
  /** How long what only tells is gathered into one message. */
  gatherMs: number;
  pingMs: number;
}

export interface SlackbotConfig {
  healthFile: string;
  /** Undefined where no tokens are set: the bot idles. */
  slack: SlackConfig | undefined;
  /** For crash tests: where the bot kills itself. */
  crashAt: string | undefined;
}

const CHANNEL = /^[CGD][A-Z0-9]{2,30}$/;
const ON_CALL = /^[UWS][A-Z0-9]{2,30}$/;

/** Reads and checks everything; throws one `not_configured` that names all that is wrong. */
export function loadSlackbotConfig(config: Config = loadConfig()): SlackbotConfig {
  const { env, paths } = config;
  const problems: string[] = [];
  const setting = (name: string): string | undefined => env.settings[`slack_${name}`];
  const named = (name: string): string => `COFFEE_ROADMAP_SLACK_${name.toUpperCase()}`;
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = setting(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    problems.push(`${named(name)} must be ${least} to ${most}, not "${text}"`);
    return fallback;
  };
  /** A file rather than the environment, where it can be: the environment is easier to look into. */
  const secret = (name: string): string | undefined => {
    const file = setting(`${name}_file`);
    if (file === undefined) return setting(name);
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    return text === '' ? undefined : text;
  };
  const result: SlackbotConfig = {
    healthFile: setting('health_file') ?? path.join(paths.state, 'slackbot-health.json'),
    slack: undefined,
    crashAt: env.settings.crash_at,
  };
  const botToken = secret('bot_token');
  const appToken = secret('app_token');
  const signingSecret = secret('signing_secret');
  if (botToken === undefined && appToken === undefined && signingSecret === undefined) {
    return result;
  }
  const url = secret('database_url');
  if (url === undefined)
    problems.push(`${named('database_url')} or ${named('database_url_file')} is not set`);
  if (!botToken?.startsWith('xoxb-'))
    problems.push(`${named('bot_token')} must be set; it begins with xoxb-`);
  if (appToken !== undefined && !appToken.startsWith('xapp-')) {
    problems.push(`${named('app_token')} begins with xapp-`);
  }
  if (appToken === undefined && signingSecret === undefined) {
    problems.push(
      `${named('app_token')} (Socket Mode) or ${named('signing_secret')} (HTTP) must be set`,
    );
  }
  const channel = setting('channel') ?? null;
  const channels = readPairs(setting('channels') ?? '');
  for (const id of [...(channel === null ? [] : [channel]), ...Object.values(channels)]) {
    if (!CHANNEL.test(id)) problems.push(`"${id}" is not the id of a channel, such as C0123456789`);
  }
  if (channel === null && Object.keys(channels).length === 0) {
    problems.push(`${named('channel')} or ${named('channels')} must be set`);
  }
  const onCall = (setting('on_call') ?? '').split(/[\s,]+/).filter((id) => id !== '');
  for (const id of onCall) {
    if (!ON_CALL.test(id)) problems.push(`"${id}" is not the id of a user or a user group`);
  }
  const timeZone = setting('time_zone') ?? 'UTC';
  if (!isTimeZone(timeZone)) problems.push(`${named('time_zone')}: there is no "${timeZone}"`);
  result.slack = {
    url: url ?? '',
    botToken: botToken ?? '',
    transport:
      appToken === undefined
        ? {
            kind: 'http',
            signingSecret: signingSecret ?? '',
            port: number('port', 3000, 0, 65_535),
          }
        : { kind: 'socket', appToken },
    apiUrl: setting('api_url'),
    channel,
    channels,
    onCall,
    digestHour: setting('digest_hour') === 'off' ? null : number('digest_hour', 9, 0, 23),
    timeZone,
    leaseMs: number('lease_s', 30, 0.2, 600) * 1000,
    pollMs: number('poll_s', 10, 0.1, 600) * 1000,
    gatherMs: number('gather_s', 60, 0, 3600) * 1000,
    pingMs: number('ping_s', 5, 0.1, 60) * 1000,
  };
  if (problems.length > 0) {
    throw new AppError('not_configured', problems.join('; '), {
      hint: 'docs/slack.md says what each is.',
    });
  }
  return result;
}

/** `shop=C1, team/web=C2`. */
function readPairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.trim() !== '')
      .map((pair) => {
        const [name = '', id = ''] = pair.split('=');
        return [name.trim().toLowerCase(), id.trim()];
      }),
  );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
