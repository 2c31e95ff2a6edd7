import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import { addLogin, type LoginKind } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb, collect } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { describeDatabase, urlForLogin } from '../../database-url';
import { stripEscapes } from '../../terminal/strip-escapes';
import { kindOption } from './kind-option';

interface AddOptions extends CommonOptions {
  kind: LoginKind;
  team?: string[];
  admin?: boolean;
}

export function registerAdd(people: Command, context: Context): void {
  addVerb(people, 'add <name>', 'a new login; prints its connection line this once; for admins', {
    examples: [
      'people add Ada',
      'people add Bob --team design --admin',
      'people add builder --kind daemon',
    ],
  })
    .addOption(kindOption())
    .option(
      '--team <team>',
      'a team; may be given several times; yours where you have one',
      collect,
    )
    .option('--admin', 'may manage people, teams and logins')
    .action((name: string, options: AddOptions) =>
      withSession(context, options, async (session, out) => {
        const { kind } = options;
        const teams = teamsFor(options, session.me.teams);
        const admin = options.admin === true;
        const made = await addLogin(session, { kind, name, teams, admin });
        const config = context.config();
        const url = urlForLogin(requireDatabase(config), made, config.env.settings.published);
        const document = { name: name.trim(), kind, login: made.login, teams, admin, url };
        out.result(document, () =>
          [
            `Added ${stripEscapes(name)}${teams.length > 0 ? ` to ${stripEscapes(teams.join(', '))}` : ''}.`,
            'This line is the key. It is shown this once; hand it over in private:',
            '',
            `  ${url}`,
            '',
            ...reach(url),
            howToUse(kind),
          ].join('\n'),
        );
      }),
    );
}

const IN_TEAMS: LoginKind[] = ['person', 'daemon'];

function teamsFor({ kind, team }: AddOptions, mine: string[]): string[] {
  if (team !== undefined) return team;
  if (!IN_TEAMS.includes(kind)) return [];
  if (mine.length === 1) return mine;
  throw new AppError('invalid_input', 'into which team?', {
    hint: `Name it with --team${mine.length > 0 ? `: ${mine.join(', ')}` : ''}.`,
  });
}

function reach(url: string): string[] {
  const { host } = describeDatabase(url);
  if (!/^(?:localhost|127\.|\[::1\])/.test(host)) return [];
  return ['This database answers on this machine alone, so the line works only here.'];
}

function howToUse(kind: LoginKind): string {
  return kind === 'person'
    ? 'They run: coffee-roadmap login   and paste it.'
    : `Give it to the ${kind} in a file that only it can read.`;
}
