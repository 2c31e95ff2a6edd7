import { listTeams, type Team } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { renderTable } from '../../terminal/table';

export function registerList(teams: Command, context: Context): void {
  addVerb(teams, 'list', 'your teams and who is in them', {
    examples: ['teams list'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const teams = await listTeams(session);
      out.result({ teams }, () => render(out, teams));
    }),
  );
}

function render(out: Output, teams: Team[]): string {
  if (teams.length === 0) return 'You are in no team. An admin adds you: teams member TEAM NAME.';
  return renderTable(
    [
      { title: 'TEAM', flexible: true, min: 12, paint: out.colours.bold },
      { title: 'MANAGERS', flexible: true, min: 12 },
      { title: 'MEMBERS', flexible: true, min: 16 },
      { title: 'DAEMONS', flexible: true, min: 10 },
    ],
    teams.map(({ name, members }) => {
      const names = (wanted: (member: Team['members'][number]) => boolean): string =>
        members
          .filter((member) => member.name !== '' && wanted(member))
          .map((member) => member.name)
          .join(', ');
      return [
        name,
        names(({ kind, role }) => kind === 'person' && role === 'manager'),
        names(({ kind, role }) => kind === 'person' && role === 'member'),
        names(({ kind }) => kind === 'daemon'),
      ];
    }),
    { width: out.width, paintTitle: out.colours.dim },
  );
}
