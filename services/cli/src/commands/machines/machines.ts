import { listMachines, renameMachine, type Machine } from '@coffee-roadmap/shared/machines/queries';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { findMachine } from './find-machine';
import { registerToken } from './token';

export function registerMachines(program: Command, context: Context): void {
  const machines = addNoun(program, 'machines', 'your machines, and the tokens they report with', {
    examples: ['machines', 'machines token create', 'machines rename devbox desk'],
  });
  addVerb(machines, 'list', 'your machines: last report, last record, roads, problems', {
    examples: ['machines list', 'machines list --json'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const found = await listMachines(session);
      out.result({ machines: found }, () => render(out, found));
    }),
  );
  addVerb(machines, 'rename <machine> <label>', 'another label; the earlier one still finds it', {
    examples: ['machines rename devbox desk'],
  }).action((name: string, label: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const machine = findMachine(await listMachines(session), name);
      await renameMachine(session, machine.id, label);
      out.result(
        { id: machine.id, label },
        () => `${stripEscapes(machine.label)} is ${stripEscapes(label)} now.`,
      );
    }),
  );
  registerToken(machines, context);
}

function render(out: Output, machines: readonly Machine[]): string {
  if (machines.length === 0)
    return 'No machine has reported yet. On each: coffee-roadmap init, then push.';
  const now = new Date();
  const when = (at: Date | null): string => (at === null ? 'never' : ago(at, now));
  const table = renderTable(
    [
      { title: 'LABEL', flexible: true, min: 10, paint: out.colours.bold },
      { title: 'ID' },
      { title: 'REPORTED' },
      { title: 'LAST RECORD' },
      { title: 'VERSION' },
      { title: 'BY', flexible: true },
      { title: 'PROBLEMS', align: 'right' },
    ],
    machines.map((machine) => [
      machine.label,
      machine.id.slice(0, 8),
      when(machine.last_report_at),
      when(machine.last_record_at),
      machine.named_only ? 'script' : machine.program_version,
      Object.keys(machine.roads).sort().join(', '),
      machine.problems || '',
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
  return table;
}
