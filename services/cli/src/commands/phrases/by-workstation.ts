import { addUp, workstationsOf } from '@coffee-roadmap/shared/phrases/days';
import { listMachinePhrases } from '@coffee-roadmap/shared/phrases/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { renderDays } from './render-days';

export function registerByWorkstation(phrases: Command, context: Context): void {
  addVerb(phrases, 'by-workstation', 'what each of your machines counted', {
    examples: ['phrases by-workstation', 'phrases by-workstation --json'],
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const workstations = workstationsOf(await listMachinePhrases(session));
      out.result({ workstations }, () =>
        renderDays(
          out,
          workstations.map(({ workstation_id, history }) =>
            history.reduce(addUp, { day: workstation_id, total_messages: 0 }),
          ),
          'MACHINE',
        ),
      );
    }),
  );
}
