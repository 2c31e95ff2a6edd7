import { defaultLabel } from '@coffee-roadmap/shared/machines/default-label';
import {
  ensureIdentity,
  isCopied,
  rememberHardware,
  type MachineIdentity,
} from '@coffee-roadmap/shared/machines/identity';
import { AppError } from '@coffee-roadmap/shared/errors';
import { setAside } from '@coffee-roadmap/shared/machines/set-aside';
import type { Command } from 'commander';
import { howToMoveFlowForge } from '../doctor/check-older';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';

interface InitOptions extends CommonOptions {
  label?: string;
  new?: boolean;
  keep?: boolean;
}

export function registerInit(program: Command, context: Context): void {
  addVerb(program, 'init', 'give this machine its id, once; say what it is', {
    examples: ['init', 'init --label devbox'],
  })
    .option('--label <name>', 'what people call it; WORKSTATION_ID or its hostname if not said')
    .option('--new', 'a copied home becomes a machine of its own')
    .option('--keep', 'it is the same machine with other hardware')
    .action((options: InitOptions) => {
      const { paths, env } = context.config();
      if (options.new === true && options.keep === true)
        throw new AppError('invalid_input', '--new and --keep exclude each other');
      const before = options.new === true ? setAside(paths) : undefined;
      const { identity, created } = ensureIdentity(paths, {
        label: options.label,
        fallback: () => before?.identity.label ?? defaultLabel(env.workstationId),
      });
      if (options.keep === true) rememberHardware(paths, identity.machine_id);
      const copied = isCopied(paths, identity);
      const out = context.output(options);
      const document = { ...identity, created, copied, set_aside: before?.folder ?? null };
      out.result(document, () => describe(identity, created, before?.folder));
      if (copied) out.say(COPIED);
      const older = howToMoveFlowForge(process.cwd());
      if (older !== undefined)
        out.say(`FlowForge kept times in this project. To bring them here:\n  ${older}`);
    });
}

export const COPIED = [
  'warning: this machine.json was made on other hardware, so this home looks copied.',
  'hint:    coffee-roadmap init --new makes this a machine of its own;',
  '         coffee-roadmap init --keep says that it is the same machine.',
].join('\n');

function describe(
  { machine_id, label }: MachineIdentity,
  created: boolean,
  aside: string | undefined,
): string {
  const lines = [
    `${created ? 'New machine' : 'Machine'}: ${label}`,
    `Id:${' '.repeat(created ? 10 : 6)}${machine_id}`,
  ];
  if (aside !== undefined) lines.push(`What the other one had collected is in ${aside}`);
  if (created) lines.push('Next: coffee-roadmap collect');
  return lines.join('\n');
}
