import type { Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import { planService, type ServicePlan } from '@coffee-roadmap/shared/user-service/plan';
import path from 'node:path';

/** What runs in the background on a machine. Another program that should is one more line. */
const SERVICES = [
  { name: 'collect', args: ['collect', '--watch'], description: 'Coffee Roadmap: collect records' },
];

/** Throws `failed` where the system has no services of a user that we know. */
export function servicePlans(config: Config): { name: string; plan: ServicePlan }[] {
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
  return SERVICES.map(({ name, args, description }) => {
    const command = [process.execPath, path.resolve(process.argv[1] ?? ''), ...args];
    const plan = planService(
      { name, description, command, environment },
      { home: env.home, configHome, uid },
    );
    if (plan) return { name, plan };
    throw new AppError('failed', 'services are known for systemd and launchd alone', {
      hint: 'Start coffee-roadmap collect --watch by the means of this system.',
    });
  });
}
