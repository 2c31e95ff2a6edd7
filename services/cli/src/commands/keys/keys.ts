import { AppError } from '@coffee-roadmap/shared/errors';
import {
  addProjectKey,
  listProjectKeys,
  revokeProjectKey,
  type ProjectKey,
} from '@coffee-roadmap/shared/traces/key-queries';
import type { Command } from 'commander';
import { addNoun, addVerb, projectOption, yesOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { selectProject } from '../../select-project';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';

interface KeyOptions extends CommonOptions {
  project?: string;
  all?: boolean;
}

export function registerKeys(program: Command, context: Context): void {
  const keys = addNoun(program, 'keys', 'key pairs for programs that hand in traces', {
    examples: ['keys', 'keys create "checkout service" --project shop'],
  });
  addVerb(keys, 'list', 'the keys of your projects', {
    examples: ['keys list', 'keys list --all --json'],
    isDefault: true,
  })
    .addOption(projectOption())
    .option('-a, --all', 'also those that are revoked')
    .action((options: KeyOptions) =>
      withSession(context, options, async (session, out) => {
        const project = options.project && (await selectProject(session, context, options.project));
        const found = await listProjectKeys(session, {
          ...(project ? { projectId: project.id } : {}),
          revoked: options.all === true,
        });
        out.result({ keys: found }, () =>
          found.length === 0
            ? 'There is no key yet.\ncoffee-roadmap keys create NAME --project PROJECT'
            : renderTable(
                [
                  { title: 'PUBLIC KEY' },
                  { title: 'NAME', flexible: true, min: 10, paint: out.colours.bold },
                  { title: 'PROJECT', flexible: true },
                  { title: 'USED', align: 'right' },
                ],
                found.map((key) => [key.public_key, key.name, key.project, usedWords(key)]),
                { width: out.width, paintTitle: out.colours.dim },
              ),
        );
      }),
    );
  addVerb(keys, 'create <name>', 'a new pair; the secret is shown once', {
    examples: ['keys create "checkout service" --project shop'],
  })
    .addOption(projectOption())
    .action((name: string, options: KeyOptions) =>
      withSession(context, options, async (session, out) => {
        const project = await selectProject(session, context, options.project);
        const made = await addProjectKey(session, project.id, name);
        out.result({ ...made, project: project.name }, () =>
          [
            `A key for ${stripEscapes(project.name)}. The secret is not shown again.`,
            '',
            `LANGFUSE_PUBLIC_KEY=${made.public_key}`,
            `LANGFUSE_SECRET_KEY=${made.secret_key}`,
          ].join('\n'),
        );
      }),
    );
  addVerb(keys, 'revoke <public-key>', 'makes a pair invalid at once', {
    examples: ['keys revoke pk-lf-0f3a'],
  })
    .addOption(yesOption())
    .action((text: string, options: CommonOptions) =>
      withSession(context, options, async (session, out) => {
        const key = oneKey(await listProjectKeys(session), text);
        const sure = await context
          .prompt(options)
          .confirm(`Revoke "${stripEscapes(key.name)}" of ${key.project}?`);
        if (!sure)
          throw new AppError('failed', 'nothing was revoked', { hint: 'Answer y, or pass --yes.' });
        await revokeProjectKey(session, key.id);
        out.result({ ...key, revoked: true }, () => `Revoked ${key.public_key}`);
      }),
    );
}

/** The key that begins so; throws `not_found`, or `invalid_input` for several. */
function oneKey(all: readonly ProjectKey[], text: string): ProjectKey {
  const [key, other] = all.filter(
    ({ public_key, id }) => public_key.startsWith(text) || id === text,
  );
  if (key === undefined) {
    throw new AppError('not_found', `there is no valid key "${text}"`, {
      hint: 'coffee-roadmap keys list',
    });
  }
  if (other !== undefined) {
    throw new AppError('invalid_input', `several keys begin with "${text}"`, {
      hint: 'Name more of it.',
    });
  }
  return key;
}

function usedWords({ last_used_at, revoked_at }: ProjectKey): string {
  if (revoked_at !== null) return 'revoked';
  return last_used_at === null ? 'never' : ago(last_used_at, new Date());
}
