import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import { readAutoSync } from '@coffee-roadmap/shared/roads/auto-sync';
import { readHookState } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import { planService, type ServicePlan } from '@coffee-roadmap/shared/user-service/plan';
import { existsSync } from 'node:fs';
import path from 'node:path';

interface Background {
  name: string;
  args: string[];
  description: string;
  /** Whether it has what it needs; a service that cannot work would start again for ever. */
  wanted: (config: Config) => boolean;
}

const SERVICES: readonly Background[] = [
  {
    name: 'collect',
    args: ['collect', '--watch'],
    description: 'Coffee Roadmap: collect records',
    wanted: () => true,
  },
  {
    name: 'push',
    args: ['push', '--watch', '--no-collect'],
    description: 'Coffee Roadmap: send records',
    // From the files alone: a service does not have the shell's environment.
    wanted: ({ file, paths }) =>
      !readAutoSync(paths).on &&
      (file.database_url !== undefined || existsSync(path.join(paths.config, 'push.json'))),
  },
  {
    name: 'auto-sync',
    args: ['auto-sync', 'run', '--watch'],
    description: 'Coffee Roadmap: send and fetch records',
    wanted: ({ paths }) => readAutoSync(paths).on,
  },
  {
    name: 'focus',
    args: ['hooks', 'watch'],
    description: 'Coffee Roadmap: record windows and absence',
    wanted: ({ paths }) => readHookState(paths).focus !== undefined,
  },
  {
    name: 'publish',
    args: ['publish', '--watch'],
    description: 'Coffee Roadmap: publish totals to the team',
    // Only where a person's own login is configured: nobody else publishes for them.
    wanted: ({ file }) => (file.team_database_url ?? file.database_url) !== undefined,
  },
];

/** `all`: also those that would not be installed now. Throws `failed` where the system has no services of a user that we know. */
export function servicePlans(
  config: Config,
  { all = false } = {},
): { name: string; plan: ServicePlan }[] {
  const { env } = config;
  const uid = process.getuid?.() ?? 0;
  const configHome = env.xdgConfigHome ?? path.join(env.home, '.config');
  const settings = {
    CLAUDE_CONFIG_DIR: env.claudeConfigDir,
    XDG_CONFIG_HOME: env.xdgConfigHome,
    XDG_DATA_HOME: env.xdgDataHome,
    XDG_STATE_HOME: env.xdgStateHome,
  };
  const environment = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  ) as Record<string, string>;
  return SERVICES.filter(({ wanted }) => all || wanted(config)).map(
    ({ name, args, description }) => {
      const command = [process.execPath, programFile(), ...args];
      const plan = planService(
        { name, description, command, environment },
        { home: env.home, configHome, uid },
      );
      if (plan) return { name, plan };
      throw new AppError('failed', 'services are known for systemd and launchd alone', {
        hint: 'Start coffee-roadmap collect --watch by the means of this system.',
      });
    },
  );
}

/** This program with all of its commands, also where the small bundle was started by its name. */
function programFile(): string {
  const file = path.resolve(process.argv[1] ?? '');
  const whole = path.join(path.dirname(file), 'coffee-roadmap.js');
  return path.basename(file) === 'coffee-roadmap-machine.js' && existsSync(whole) ? whole : file;
}
