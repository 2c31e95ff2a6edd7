import { findIdentity } from '@coffee-roadmap/shared/machines/identity';
import {
  createMachineToken,
  createUploadSecret,
  listMachines,
  listMachineTokens,
  revokeMachineToken,
  type MachineToken,
} from '@coffee-roadmap/shared/machines/queries';
import { AppError } from '@coffee-roadmap/shared/errors';
import { MACHINE_ID } from '@coffee-roadmap/shared/records/record-id';
import type { Command } from 'commander';
import { addNoun, addVerb, wholeNumber } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { renderTable } from '../../terminal/table';
import { findMachine } from './find-machine';

interface CreateOptions extends CommonOptions {
  label?: string;
  upload?: boolean;
}

export function registerToken(machines: Command, context: Context): void {
  const token = addNoun(machines, 'token', 'what a machine reports with, without your password', {
    examples: ['machines token create', 'machines token revoke 3'],
  });
  addVerb(token, 'list', 'your tokens: for which machine, when last used', {
    examples: ['machines token list'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const tokens = await listMachineTokens(session);
      out.result({ tokens }, () => render(out, tokens));
    }),
  );
  addVerb(token, 'create [machine]', 'a token for this machine or another; shown this once', {
    examples: [
      'machines token create',
      'machines token create devbox',
      'machines token create --upload',
    ],
  })
    .option('--label <name>', 'what a machine that is new here is called')
    .option('--upload', 'a secret for scripts that upload phrase counts to /api/set')
    .action((name: string | undefined, options: CreateOptions) =>
      withOwnSession(context, options, async (session, out) => {
        if (options.upload === true) {
          const made = await createUploadSecret(session);
          return out.result(made, () => shown(made.token, UPLOAD));
        }
        const own = findIdentity(context.config().paths);
        const id = await machineOf(name, own?.machine_id, () => listMachines(session));
        const label = options.label ?? (id === own?.machine_id ? own.label : undefined);
        const made = await createMachineToken(session, id, label);
        out.result({ ...made, machine_id: id }, () => shown(made.token, SET_UP));
      }),
    );
  const revoke = addVerb(token, 'revoke', 'a token that is good no more', {
    examples: ['machines token revoke 3'],
  }).argument('<id>', '', wholeNumber(1));
  revoke.action((id: number, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      await revokeMachineToken(session, id);
      out.result({ id, revoked: true }, () => `Token ${id} is good no more.`);
    }),
  );
}

async function machineOf(
  name: string | undefined,
  own: string | undefined,
  list: () => ReturnType<typeof listMachines>,
): Promise<string> {
  if (name !== undefined && MACHINE_ID.test(name)) return name;
  if (name !== undefined) return findMachine(await list(), name).id;
  if (own !== undefined) return own;
  throw new AppError('invalid_input', 'for which machine?', {
    hint: 'Name its id, which coffee-roadmap init prints there.',
  });
}

const SET_UP = 'On that machine: coffee-roadmap push --set-up   and paste it.';
const UPLOAD = 'Scripts send it as "secret", with POST to /api/set of the dashboard.';

function shown(token: string, next: string): string {
  return ['This is the token. It is shown this once:', '', `  ${token}`, '', next].join('\n');
}

function render(out: Output, tokens: readonly MachineToken[]): string {
  if (tokens.length === 0)
    return 'You have no tokens. coffee-roadmap machines token create makes one.';
  const now = new Date();
  return renderTable(
    [
      { title: 'ID', align: 'right' },
      { title: 'FOR', flexible: true, min: 12, paint: out.colours.bold },
      { title: 'MADE' },
      { title: 'LAST USED' },
      { title: '' },
    ],
    tokens.map(({ id, machine_id, label, created_at, last_used_at, revoked_at }) => [
      id,
      machine_id === null ? 'uploads of phrase counts' : (label ?? machine_id.slice(0, 8)),
      ago(created_at, now),
      last_used_at === null ? 'never' : ago(last_used_at, now),
      revoked_at === null ? '' : 'revoked',
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
}
