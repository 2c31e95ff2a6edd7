import { saveConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { getConnectionFacts } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { describeDatabase, parseDatabaseUrl } from '../../database-url';
import type { Output } from '../../output';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';

interface LoginOptions extends CommonOptions {
  team?: boolean;
}

export function registerLogin(program: Command, context: Context): void {
  addVerb(program, 'login [url]', 'use a database with the connection line that you were given', {
    examples: ['login', 'login < connection-line.txt', 'login --team'],
  })
    .option('--team', 'as the team’s database, beside one of your own')
    .action(async (given: string | undefined, options: LoginOptions) => {
      const out = context.output(options);
      const text = given ?? (await context.prompt(options).secret('Connection line (not shown):'));
      const url = parseDatabaseUrl(text);
      if (given !== undefined) {
        out.say(
          'warning: the URL is in your shell’s history now; without an argument it is asked for',
        );
      }
      const me = await withProgress(context.streams.stderr, 'trying the connection', () =>
        tryConnection(url),
      );
      const config = context.config();
      saveConfig(
        config.paths,
        options.team === true
          ? { team_database_url: url.href }
          : { database_url: url.href, embedded: undefined },
      );
      const place = describeDatabase(url.href);
      warnOfShadows(config, options.team === true, out);
      out.result({ name: me.name, admin: me.admin, teams: me.teams, database: place }, () =>
        [
          `You are ${stripEscapes(me.name)} in ${place.name} at ${place.host}:${place.port}.`,
          'coffee-roadmap status shows what goes on there.',
        ].join('\n'),
      );
    });
}

/** Refuses whoever is nobody here, and a superuser, whom no rule would bind. */
async function tryConnection(url: URL) {
  const session = await openSession(url.href, 'person', { connections: 1 });
  try {
    const facts = await getConnectionFacts(session);
    if (!facts.superuser) return session.me;
    throw new AppError('not_allowed', `${facts.login} is a superuser, whom no rule binds`, {
      hint: 'Use a login of your own: coffee-roadmap people add NAME makes one.',
    });
  } finally {
    await session.close();
  }
}

function warnOfShadows({ env, file }: Config, team: boolean, out: Output): void {
  const shadow =
    env.teamDatabaseUrl !== undefined
      ? 'TEAM_DATABASE_URL'
      : team
        ? undefined
        : file.team_database_url !== undefined
          ? 'the team’s database (login --team)'
          : env.databaseUrl !== undefined
            ? 'DATABASE_URL'
            : undefined;
  if (shadow !== undefined)
    out.say(`warning: ${shadow} is set and goes before what you stored now`);
}
