import {
  listColleagues,
  listLogins,
  type Colleague,
  type Login,
} from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { renderTable } from '../../terminal/table';

type Row = Colleague & Partial<Pick<Login, 'kind' | 'login' | 'admin'>>;

export function registerList(people: Command, context: Context): void {
  addVerb(people, 'list', 'your colleagues; for admins every login', {
    examples: ['people list'],
    isDefault: true,
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const people: Row[] = session.me.admin
        ? await listLogins(session)
        : await listColleagues(session);
      out.result({ people }, () => render(out, people));
    }),
  );
}

function render(out: Output, people: Row[]): string {
  const admin = people.some((person) => person.kind !== undefined);
  return renderTable(
    [
      { title: 'NAME', flexible: true, min: 12, paint: out.colours.bold },
      ...(admin ? [{ title: 'KIND' }] : []),
      { title: 'TEAMS', flexible: true, min: 12 },
      { title: 'MANAGES', flexible: true, min: 12 },
      ...(admin ? [{ title: 'ADMIN' }] : []),
    ],
    people.map((person) => [
      person.name,
      ...(admin ? [person.kind] : []),
      person.teams.join(', '),
      person.manages.join(', '),
      ...(admin ? [person.admin === true ? 'yes' : ''] : []),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
}
