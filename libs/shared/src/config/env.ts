import { config as loadDotenv } from 'dotenv';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../errors';
import { findProjectRoot } from './project-root';

/** What the agent program may be given: its own credentials, nothing else of ours. */
const AGENT_CREDENTIAL =
  /^(ANTHROPIC_(API_KEY|AUTH_TOKEN|BASE_URL|CUSTOM_HEADERS|MODEL|SMALL_FAST_MODEL)|CLAUDE_CODE_(OAUTH_TOKEN|USE_BEDROCK|USE_VERTEX)|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/;
/** A cloud's keys open more than its models: only where the agent is told to use that cloud. */
const BEDROCK = /^AWS_[A-Z0-9_]+$/;
const VERTEX =
  /^(GOOGLE_APPLICATION_CREDENTIALS|CLOUD_ML_REGION|ANTHROPIC_VERTEX_PROJECT_ID|GOOGLE_CLOUD_PROJECT)$/;

/** How this machine reaches others: what git is given for a remote. */
const GIT_NETWORK =
  /^(HTTPS?_PROXY|ALL_PROXY|NO_PROXY|https?_proxy|all_proxy|no_proxy|SSL_CERT_(FILE|DIR)|GIT_SSL_CA(INFO|PATH)|SSH_AUTH_SOCK)$/;

export interface Environment {
  home: string;
  user: string;
  path: string;
  xdgConfigHome: string | undefined;
  xdgDataHome: string | undefined;
  xdgStateHome: string | undefined;
  databaseUrl: string | undefined;
  teamDatabaseUrl: string | undefined;
  /** Superuser URL, for migrations of a database that is not embedded. */
  adminDatabaseUrl: string | undefined;
  /** What people call this machine, for a new machine.json. */
  workstationId: string | undefined;
  /** One or several folders, separated by commas, in which Claude Code keeps its transcripts. */
  claudeConfigDir: string | undefined;
  editor: string | undefined;
  /** GITHUB_GIST_TOKEN: goes before every kept one. */
  gistToken: string | undefined;
  /** GITHUB_TOKEN: for issues of repositories that not everybody reads. */
  githubToken: string | undefined;
  /** The X display, and the file that opens it. */
  display: string | undefined;
  xauthority: string | undefined;
  /** Set where windows are Wayland's, of which an X display knows only some. */
  waylandDisplay: string | undefined;
  noColour: boolean;
  ci: boolean;
  /** COFFEE_ROADMAP_* settings, by their name without the prefix, in lower case. */
  settings: Record<string, string>;
  /** Handed to the agent, and to nothing else. */
  agentCredentials: Record<string, string>;
  /** Proxies, certificates and the ssh agent, for git. */
  gitEnvironment: Record<string, string>;
}

/**
 * Reads the environment: the only place that does. `.env` in the product's folder fills in what is
 * not set.
 */
export function readEnvironment(): Environment {
  const root = findProjectRoot();
  if (root !== undefined) loadDotenv({ path: path.join(root, '.env'), quiet: true });
  const env = process.env;
  const value = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return {
    home: value('HOME') ?? homeOfAccount(),
    user: value('USER') ?? userName(),
    path: value('PATH') ?? '/usr/local/bin:/usr/bin:/bin',
    xdgConfigHome: value('XDG_CONFIG_HOME'),
    xdgDataHome: value('XDG_DATA_HOME'),
    xdgStateHome: value('XDG_STATE_HOME'),
    databaseUrl: value('DATABASE_URL'),
    teamDatabaseUrl: value('TEAM_DATABASE_URL'),
    adminDatabaseUrl: value('ADMIN_DATABASE_URL'),
    workstationId: value('WORKSTATION_ID'),
    claudeConfigDir: value('CLAUDE_CONFIG_DIR'),
    editor: value('VISUAL') ?? value('EDITOR'),
    gistToken: value('GITHUB_GIST_TOKEN'),
    githubToken: value('GITHUB_TOKEN'),
    display: value('DISPLAY'),
    xauthority: value('XAUTHORITY'),
    waylandDisplay: value('WAYLAND_DISPLAY'),
    noColour: env.NO_COLOR !== undefined && env.NO_COLOR !== '',
    ci: value('CI') !== undefined,
    settings: Object.fromEntries(
      Object.entries(env)
        .filter(([name, text]) => name.startsWith('COFFEE_ROADMAP_') && text !== '')
        .map(([name, text]) => [name.slice('COFFEE_ROADMAP_'.length).toLowerCase(), text!]),
    ),
    agentCredentials: {
      ...namedLike(env, AGENT_CREDENTIAL),
      ...(value('CLAUDE_CODE_USE_BEDROCK') === undefined ? {} : namedLike(env, BEDROCK)),
      ...(value('CLAUDE_CODE_USE_VERTEX') === undefined ? {} : namedLike(env, VERTEX)),
    },
    gitEnvironment: namedLike(env, GIT_NETWORK),
  };
}

function namedLike(env: NodeJS.ProcessEnv, names: RegExp): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name, text]) => names.test(name) && text !== '')
      .map(([name, text]) => [name, text!]),
  );
}

function homeOfAccount(): string {
  try {
    return os.homedir();
  } catch (error) {
    throw new AppError('not_configured', 'HOME is not set, and this account has no home', {
      hint: 'Set HOME to a folder of your own.',
      cause: error,
    });
  }
}

/** A uid without a passwd entry has no name; some containers run so. */
function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return 'me';
  }
}
