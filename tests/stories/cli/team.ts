import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { addProject } from '@coffee-roadmap/shared/projects/queries';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { buildCli, type Cli, type CliProgram } from './program';

const PASSWORD = 'for this test only';

export interface Person {
  url: string;
  session: Session<'person'>;
  cli: Cli;
}

/** A database of its own, the built CLI, an admin called Ada, and whoever else is wanted. */
export interface Team {
  database: TestDatabase;
  program: CliProgram;
  ada: Person;
  person(name: string): Promise<Person>;
  daemon(name: string): Promise<Session<'daemon'>>;
  /** Returns the project's id. */
  project(name: string): Promise<string>;
  close(): Promise<void>;
}

export async function createTeam(): Promise<Team> {
  const database = await createTestDatabase();
  const program = buildCli();
  const sessions: Session[] = [];

  async function urlFor(kind: 'person' | 'daemon', name: string): Promise<string> {
    const login = await ensureLogin(database.superuserUrl, { kind, name, password: PASSWORD });
    return database.urlFor(login, PASSWORD);
  }
  async function person(name: string): Promise<Person> {
    const url = await urlFor('person', name);
    const session = await openSession(url, 'person');
    sessions.push(session);
    return { url, session, cli: program.as(url) };
  }
  const ada = await person('Ada');
  return {
    database,
    program,
    ada,
    person,
    async daemon(name) {
      const session = await openSession(await urlFor('daemon', name), 'daemon');
      sessions.push(session);
      return session;
    },
    project: (name) =>
      addProject(ada.session, {
        teamId: null,
        name,
        repository: `/srv/${name}.git`,
        settings: { agent: 'rehearsal' },
      }),
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
      await database.drop();
      program.remove();
    },
  };
}
