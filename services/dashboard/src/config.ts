import { loadConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  isTraceContent,
  TRACE_CONTENTS,
  type TraceContent,
} from '@coffee-roadmap/shared/traces/content';
import { existsSync, readFileSync } from 'node:fs';

/** With whose login the pages read: the dashboard's, for many people, or one's own. */
export type Login = { kind: 'shared'; url: string } | { kind: 'own'; url: string };

export interface DashboardConfig {
  login: Login;
  /** Undefined: nothing is taken in from SDKs. */
  collectorUrl: string | undefined;
  /** How much of what SDKs say was said is kept; secrets never. */
  traceContent: TraceContent;
  /** Requests of one project key in a minute. */
  keyPerMinute: number;
  host: string;
  port: number;
  /** What people type, when it is not this very host and port: behind a proxy with TLS, for example. */
  publicUrl: URL | undefined;
  stateFolder: string;
  /** How many attempts to sign in one address has in five minutes. */
  signInLimit: number;
}

export const DEFAULT_PORT = 4780;

/** Reads and checks everything; throws one `not_configured` that names all that is wrong. */
export function loadDashboardConfig(config: Config = loadConfig()): DashboardConfig {
  const { env, paths } = config;
  const problems: string[] = [];
  const setting = (name: string): string | undefined => env.settings[`dashboard_${name}`];
  const named = (name: string): string => `COFFEE_ROADMAP_DASHBOARD_${name.toUpperCase()}`;
  const secret = (name: string): string | undefined => {
    const file = setting(`${name}_file`);
    if (file === undefined) return setting(name);
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
    if (text === '') problems.push(`${named(`${name}_file`)}: ${file} is empty or not there`);
    return text === '' ? undefined : text;
  };
  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = setting(name);
    const value = text === undefined ? fallback : Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    problems.push(`${named(name)} must be ${least} to ${most}, not "${text}"`);
    return fallback;
  };
  const shared = secret('database_url');
  const own = secret('own_url');
  if (shared === undefined && own === undefined) {
    problems.push(`${named('database_url')} or ${named('database_url_file')} is not set`);
  }
  const traceContent = env.settings.trace_content ?? 'full';
  if (!isTraceContent(traceContent)) {
    problems.push(`COFFEE_ROADMAP_TRACE_CONTENT must be one of ${TRACE_CONTENTS.join(', ')}`);
  }
  const publicUrl = parseUrl(setting('public_url'));
  if (publicUrl === null) {
    problems.push(`${named('public_url')} must be like https://coffee.example.org`);
  }
  const result: DashboardConfig = {
    login: shared === undefined ? { kind: 'own', url: own ?? '' } : { kind: 'shared', url: shared },
    collectorUrl: secret('collector_url'),
    traceContent: isTraceContent(traceContent) ? traceContent : 'none',
    keyPerMinute: number('key_per_minute', 6_000, 1, 1_000_000),
    host: setting('host') ?? '127.0.0.1',
    port: number('port', DEFAULT_PORT, 0, 65_535),
    publicUrl: publicUrl ?? undefined,
    stateFolder: paths.state,
    signInLimit: number('sign_in_limit', 20, 1, 100_000),
  };
  if (problems.length > 0) {
    throw new AppError('not_configured', problems.join('; '), {
      hint: 'docs/dashboard.md says what each is.',
    });
  }
  return result;
}

/** Null: it is none. */
function parseUrl(text: string | undefined): URL | null | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) ? url : null;
}
