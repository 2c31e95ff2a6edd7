/**
 * What git processes see of the outside. Nothing is inherited: a GIT_DIR, a database URL or a
 * configuration file of the person who started us must not reach git.
 */

/** Good for Linux and macOS when nobody has told us better. */
const DEFAULT_PATH = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/opt/homebrew/bin',
].join(':');

/** Where the way out of this machine is described; only calls that use the network get them. */
const NETWORK_NAMES = [
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'ALL_PROXY',
  'all_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'SSH_AUTH_SOCK',
];

let searchPath = DEFAULT_PATH;
let network: Record<string, string> = {};

/**
 * Tells git where programs are (PATH) and how this machine reaches others (proxies, certificates,
 * the ssh agent); every other variable of `environment` is ignored. Called once, at start.
 */
export function passEnvironmentToGit(environment: Record<string, string | undefined>): void {
  searchPath = environment.PATH || DEFAULT_PATH;
  network = {};
  for (const name of NETWORK_NAMES) {
    const value = environment[name];
    if (value) network[name] = value;
  }
}

/** The variables of every git process, ours or the agent's. */
export function quietEnvironment(): Record<string, string> {
  return {
    PATH: searchPath,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ADVICE: '0',
    GIT_EDITOR: 'false',
    GIT_PAGER: 'cat',
    // Overrides every protocol.* setting there is; calls to a remote name the one that they need.
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

export function networkEnvironment(): Record<string, string> {
  return { ...network };
}
