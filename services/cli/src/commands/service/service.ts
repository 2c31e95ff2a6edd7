import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import {
  installService,
  isCurrent,
  removeService,
  serviceStatus,
} from '@coffee-roadmap/shared/user-service/apply';
import type { ServicePlan } from '@coffee-roadmap/shared/user-service/plan';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { renderPlans } from './render-plans';
import { servicePlans } from './services';

interface ServiceOptions extends CommonOptions {
  dryRun?: boolean;
}

export function registerService(program: Command, context: Context): void {
  const service = addNoun(program, 'service', 'collect in the background, for good', {
    examples: ['service install', 'service status'],
  });
  addVerb(service, 'install', 'start now and with every login', {
    examples: ['service install', 'service install --dry-run'],
  })
    .option('--dry-run', 'show the files and commands, change nothing')
    .action((options: ServiceOptions) =>
      act(context, options, 'install', (plan) => {
        installService(plan);
        return 'runs now, and again after each login';
      }),
    );
  addVerb(service, 'status', 'whether it is installed and runs', {
    examples: ['service status'],
    isDefault: true,
  }).action((options: CommonOptions) => status(context, options));
  addVerb(service, 'remove', 'end it and take it away; what was recorded stays', {
    examples: ['service remove'],
  })
    .option('--dry-run', 'show the files and commands, change nothing')
    .action((options: ServiceOptions) =>
      act(context, options, 'remove', (plan) =>
        removeService(plan) ? 'is gone; what it recorded stays' : 'was not installed',
      ),
    );
}

function act(
  context: Context,
  options: ServiceOptions,
  verb: 'install' | 'remove',
  work: (plan: ServicePlan) => string,
): void {
  const out = context.output(options);
  requireIdentity(context.config().paths);
  const plans = servicePlans(context.config(), { all: verb === 'remove' });
  if (options.dryRun === true) {
    const services = plans.map(({ name, plan }) => ({
      name,
      files: plan.files,
      commands: plan[verb],
    }));
    return out.result({ dry_run: true, services }, () => renderPlans(plans, verb));
  }
  const done = plans.map(({ name, plan }) => ({ name, text: work(plan) }));
  out.result({ services: done.map(({ name }) => ({ name })), done: verb }, () =>
    done.map(({ name, text }) => `${name} ${text}`).join('\n'),
  );
  if (verb === 'install' && plans.some(({ plan }) => plan.system === 'systemd'))
    out.say('To collect also while you are logged out: loginctl enable-linger');
}

function status(context: Context, options: CommonOptions): void {
  const services = servicePlans(context.config()).map(({ name, plan }) => ({
    name,
    ...serviceStatus(plan),
    current: isCurrent(plan),
  }));
  const line = ({ name, installed, running, current }: (typeof services)[number]): string => {
    if (!installed) return `${name} is not installed: coffee-roadmap service install`;
    const state = running ? 'runs' : 'is installed but does not run';
    return `${name} ${state}${current ? '' : '; another version installed it: coffee-roadmap service install'}`;
  };
  context.output(options).result({ services }, () => services.map(line).join('\n'));
  if (services.some(({ installed, running }) => installed && !running)) {
    throw new AppError('failed', 'a service does not run', {
      hint: 'journalctl --user -u coffee-roadmap-collect (launchd: Console) says why.',
    });
  }
}
