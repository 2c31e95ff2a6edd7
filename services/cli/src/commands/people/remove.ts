import { AppError } from '@coffee-roadmap/shared/errors';
import { removeLogin, type LoginKind } from '@coffee-roadmap/shared/people/queries';
import type { Command } from 'commander';
import { addVerb, yesOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { kindOption } from './kind-option';

interface RemoveOptions extends CommonOptions {
  kind: LoginKind;
}

export function registerRemove(people: Command, context: Context): void {
  addVerb(people, 'remove <name>', 'end a login; what it did stays in the books; for admins', {
    examples: ['people remove Bob --yes', 'people remove builder --kind daemon'],
  })
    .addOption(kindOption())
    .addOption(yesOption())
    .action((name: string, options: RemoveOptions) =>
      withSession(context, options, async (session, out) => {
        const { kind } = options;
        const question = `End the login of the ${kind} ${name} for good?`;
        if (!(await context.prompt(options).confirm(question))) {
          throw new AppError('failed', 'nobody was removed', { hint: 'Answer y, or pass --yes.' });
        }
        await removeLogin(session, kind, name);
        out.result({ removed: true, kind, name }, () => `Removed ${stripEscapes(name)}.`);
      }),
    );
}
