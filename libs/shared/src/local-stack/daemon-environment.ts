import type { Config } from '../config/config';

/** The whole environment of a daemon on this machine; the database's address comes from a file. */
export function daemonEnvironment(
  { env }: Pick<Config, 'env'>,
  daemonUrlFile: string,
): Record<string, string> {
  const xdg = {
    XDG_CONFIG_HOME: env.xdgConfigHome,
    XDG_DATA_HOME: env.xdgDataHome,
    XDG_STATE_HOME: env.xdgStateHome,
  };
  const settings = Object.entries(env.settings).map(([name, value]) => [
    `COFFEE_ROADMAP_${name.toUpperCase()}`,
    value,
  ]);
  return {
    PATH: env.path,
    HOME: env.home,
    ...Object.fromEntries(Object.entries(xdg).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(settings),
    ...env.gitEnvironment,
    ...env.agentCredentials,
    COFFEE_ROADMAP_DAEMON_URL_FILE: daemonUrlFile,
  } as Record<string, string>;
}
