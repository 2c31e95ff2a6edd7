import { requireDatabase, saveConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { rotatePassword, type LoginKind } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { withSession, type CommonOptions, type Context } from '../../context';
import { addVerb } from '../../command';
import { urlForLogin } from '../../database-url';
import { stripEscapes } from '../../terminal/strip-escapes';
import { kindOption } from './kind-option';

interface RotateOptions extends CommonOptions {
  kind: LoginKind;
}

export function registerRotatePassword(people: Command, context: Context): void {
  addVerb(people, 'rotate-password [name]', 'a new password; your own, or as an admin any', {
    examples: ['people rotate-password', 'people rotate-password builder --kind daemon'],
  })
    .addOption(kindOption())
    .action((named: string | undefined, options: RotateOptions) =>
      withSession(context, options, async (session, out) => {
        const { kind } = options;
        const name = named ?? session.me.name;
        const own = kind === 'person' && name.toLowerCase() === session.me.name.toLowerCase();
        const made = await rotatePassword(session, kind, name);
        const old = requireDatabase(context.config());
        const url = urlForLogin(old, made, context.config().env.settings.published);
        const saved = own && saveOwn(context.config(), old, urlForLogin(old, made));
        out.result({ name, kind, login: made.login, url, saved }, () =>
          [
            `The old password of ${stripEscapes(name)} is void. The new line, shown this once:`,
            '',
            `  ${url}`,
            '',
            saved ? 'It is stored for this machine already.' : 'coffee-roadmap login takes it.',
          ].join('\n'),
        );
      }),
    );
}

/** Otherwise the next command would be refused. False where the environment holds the URL. */
function saveOwn({ env, file, paths }: Config, old: string, url: string): boolean {
  if (env.teamDatabaseUrl !== undefined || env.databaseUrl !== undefined) return false;
  saveConfig(paths, {
    ...(file.database_url === old ? { database_url: url } : {}),
    ...(file.team_database_url === old ? { team_database_url: url } : {}),
  });
  return true;
}
