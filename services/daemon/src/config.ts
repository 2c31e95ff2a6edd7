import { loadConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  isTraceContent,
  TRACE_CONTENTS,
  type TraceContent,
} from '@coffee-roadmap/shared/traces/content';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface DaemonConfig {
  url: string;
  leaseMs: number;
  graceMs: number;
  pollMs: number;
  beatMs: number;
  /** How long what was found of an agent holds. */
  checkMs: number;
  /** The first pause while a project's repository cannot be reached. */
  retryMs: number;
  /** How often mirrors are packed, and looked after in other ways. */
  tidyMs: number;
  /** What is kept of this daemon's log in the database, which has bounds of its own. */
  log: { keepDays: number; mostLines: number };
  /** How long a minute of an agent's time is; shortened in tests only. */
  minuteMs: number;
  /** Priorities worked on at the same time. */
  parallel: number;
  /** The daemon's own folder: mirrors, workspaces, agents' homes. */
  folder: string;
  /** Push credentials, one file per project. */
  credentials: string;
  host: string;
  /** What the agent must never see. */
  hide: string[];
  path: string;
  agentCredentials: Record<string, string>;
  gitEnvironment: Record<string, string>;
  claudeProgram: string | undefined;
  /** How much of what the agent and the model say is kept in traces; secrets never. */
  traceContent: TraceContent;
  /** Where agents run in a container of their own: its socket. */
  agentSocket: string | undefined;
  /** For crash tests: where the daemon kills itself. */
  crashAt: string | undefined;
}

/** Reads and checks everything; throws one `not_configured` that names all that is wrong. */
export function loadDaemonConfig(config: Config = loadConfig()): DaemonConfig {
  const { env, paths } = config;
  const problems: string[] = [];

  const number = (name: string, fallback: number, least: number, most: number): number => {
    const text = env.settings[name];
    if (text === undefined) return fallback;
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    problems.push(
      `COFFEE_ROADMAP_${name.toUpperCase()} must be ${least} to ${most}, not "${text}"`,
    );
    return fallback;
  };
  const traceContent = env.settings.trace_content ?? 'full';
  if (!isTraceContent(traceContent)) {
    problems.push(`COFFEE_ROADMAP_TRACE_CONTENT must be one of ${TRACE_CONTENTS.join(', ')}`);
  }
  const url = readUrl(env.settings);
  if ('problem' in url) problems.push(url.problem);
  const result: DaemonConfig = {
    url: 'url' in url ? url.url : '',
    // The database grants at most a quarter of an hour.
    leaseMs: number('lease_s', 30, 0.5, 900) * 1000,
    graceMs: number('grace_s', 2, 0, 600) * 1000,
    pollMs: number('poll_s', 5, 0.1, 3600) * 1000,
    beatMs: number('beat_s', 10, 0.1, 15) * 1000,
    checkMs: number('check_s', 60, 0.1, 86_400) * 1000,
    retryMs: number('retry_s', 5, 0.1, 3600) * 1000,
    tidyMs: number('tidy_s', 86_400, 1, 30 * 86_400) * 1000,
    log: {
      keepDays: number('log_days', 14, 0, 90),
      mostLines: Math.floor(number('log_lines', 20_000, 1, 100_000)),
    },
    minuteMs: number('minute_s', 60, 0.05, 60) * 1000,
    parallel: Math.floor(number('parallel', 1, 1, 32)),
    folder: env.settings.daemon_folder ?? path.join(paths.state, 'daemon'),
    credentials: env.settings.credentials_folder ?? path.join(paths.config, 'credentials'),
    host: os.hostname(),
    hide: [paths.config, paths.data, paths.state, env.home],
    path: env.path,
    agentCredentials: env.agentCredentials,
    gitEnvironment: env.gitEnvironment,
    claudeProgram: env.settings.claude_program,
    traceContent: isTraceContent(traceContent) ? traceContent : 'none',
    agentSocket: env.settings.agent_socket,
    crashAt: env.settings.crash_at,
  };
  if (problems.length > 0) {
    throw new AppError('not_configured', problems.join('; '), {
      hint: 'problem' in url ? LOGIN_HINT : 'Correct it in the environment or in .env.',
    });
  }
  return result;
}

/** Where a daemon's login comes from. */
export const LOGIN_HINT =
  'npm start gives the daemon of this machine its login; ' +
  'elsewhere coffee-roadmap people add NAME --kind daemon prints one.';

/** A file rather than the environment, where it can be: the environment is easier to look into. */
function readUrl(settings: Record<string, string>): { url: string } | { problem: string } {
  const file = settings.daemon_url_file;
  const name = `COFFEE_ROADMAP_DAEMON_URL${file === undefined ? '' : '_FILE'}`;
  if (file !== undefined && !existsSync(file)) return { problem: `${name}: there is no ${file}` };
  const url = file === undefined ? settings.daemon_url : readFileSync(file, 'utf8').trim();
  if (url === undefined) {
    return { problem: 'COFFEE_ROADMAP_DAEMON_URL or COFFEE_ROADMAP_DAEMON_URL_FILE is not set' };
  }
  // What it says instead may be a password in the wrong place.
  const legal = URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
  return legal ? { url } : { problem: `${name} holds no address like postgres://…` };
}
