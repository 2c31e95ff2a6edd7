import type { Output } from '../../output';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { truncate } from '../../terminal/width';
import { count } from '../../words';
import type { MachineRoad } from './machine-roads';
import type { OwnMachines } from './own-machines';

/** A section of the overview; an empty text where there is nothing to say. */
export function renderMachines(
  out: Pick<Output, 'colours' | 'width'>,
  { roads, database }: OwnMachines,
  now: Date,
): string {
  const lines = roads.length === 0 ? [] : [renderMachineRoads(out, roads, now)];
  if (database !== null && database.problem !== null) {
    const { name, host, port, problem } = database;
    const place = stripEscapes(`${name} at ${host}:${port}`);
    lines.push(
      out.colours.yellow(truncate(`  ! your own database ${place} cannot be read:`, out.width)),
      out.colours.yellow(truncate(`    ${stripEscapes(problem)}`, out.width)),
    );
    if (roads.length > 0)
      lines.push(out.colours.dim('    above is what this machine knows itself'));
  }
  return lines.length === 0 ? '' : [out.colours.bold('Machines'), ...lines].join('\n');
}

/** A line for each machine and road; below it why one of them does not work. */
function renderMachineRoads(
  { colours, width }: Pick<Output, 'colours' | 'width'>,
  roads: readonly MachineRoad[],
  now: Date,
): string {
  const table = renderTable(
    [
      { title: 'MACHINE', flexible: true, min: 10 },
      { title: 'BY' },
      { title: 'LAST' },
      { title: 'WAITS HERE' },
    ],
    roads.map(({ label, road, last_success_at, waiting }) => [
      label,
      road,
      last_success_at === null ? 'never' : ago(new Date(last_success_at), now),
      waiting === null ? '' : waiting === 0 ? 'nothing' : count(waiting, 'record'),
    ]),
    { width: width - 2, paintTitle: colours.dim },
  );
  const problems = roads.flatMap(({ label, road, problem }) =>
    problem === null ? [] : [`  ! ${stripEscapes(label)} by ${road}: ${stripEscapes(problem)}`],
  );
  return [
    ...table.split('\n').map((line) => `  ${line}`),
    ...problems.map((line) => colours.yellow(truncate(line, width))),
  ].join('\n');
}
