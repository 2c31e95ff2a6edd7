import { AppError } from '@coffee-roadmap/shared/errors';
import { openGitHub, splitIssue } from '@coffee-roadmap/shared/issues/find-provider';
import type { Issue } from '@coffee-roadmap/shared/issues/issue';
import { keepTitles } from '@coffee-roadmap/shared/issues/known-titles';
import { LocalIssues } from '@coffee-roadmap/shared/issues/local/local-issues';
import { gitProjectOf } from '@coffee-roadmap/shared/time/hooks/git-project';
import { parseIssue } from '@coffee-roadmap/shared/time/manual/issue';
import type { Command } from 'commander';
import { addNoun, addVerb, projectOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withProgress } from '../../terminal/progress';
import { renderTable } from '../../terminal/table';

interface IssueOptions extends CommonOptions {
  project?: string;
}

/** As long as GitHub's limit for what is asked too fast lasts. */
const LONGEST_WAIT_MS = 60_000;

export function registerIssues(program: Command, context: Context): void {
  const issues = addNoun(program, 'issues', 'what time can be recorded for', {
    examples: ['issues', 'issues list github:us/shop', 'issues show github:us/shop#42'],
  });
  addVerb(issues, 'list [where]', 'open ones: a project’s priorities, or of github:OWNER/NAME', {
    examples: ['issues list', 'issues list github:us/shop', 'issues list github'],
    isDefault: true,
  })
    .addOption(projectOption())
    .action(async (where: string | undefined, options: IssueOptions) => {
      const out = context.output(options);
      const found = await listed(context, where, options);
      keepTitles(context.config().paths, found);
      out.result({ issues: found }, () =>
        found.length === 0
          ? 'There is no open issue.'
          : renderTable(
              [{ title: 'ISSUE' }, { title: 'TITLE', flexible: true, min: 20 }],
              found.map(({ id, title }) => [id, title]),
              { width: out.width, paintTitle: out.colours.dim },
            ),
      );
    });
  addVerb(issues, 'show <issue>', 'its title and state', {
    examples: ['issues show 42', 'issues show github:us/shop#42'],
  })
    .addOption(projectOption())
    .action(async (text: string, options: IssueOptions) => {
      const out = context.output(options);
      const id = parseIssue(text, gitProjectOf(process.cwd()));
      const issue = await found(context, id, options);
      if (issue === undefined) {
        throw new AppError(
          'not_found',
          `there is no issue ${stripEscapes(id)}, or you may not see it`,
          {
            hint: 'coffee-roadmap issues list',
          },
        );
      }
      keepTitles(context.config().paths, [issue]);
      out.result(issue, () =>
        [`${issue.id} (${issue.state}): ${issue.title}`, ...(issue.url === null ? [] : [issue.url])]
          .map((line) => stripEscapes(line))
          .join('\n'),
      );
    });
}

async function listed(
  context: Context,
  where: string | undefined,
  options: IssueOptions,
): Promise<Issue[]> {
  if (where === undefined || where === 'local') {
    return withLocal(context, options, (local) => local.list());
  }
  const repository = where.replace(/^github:?/, '') || remoteHere();
  if (!where.startsWith('github')) throw unknownProvider(where);
  const github = openGitHub(context.config(), LONGEST_WAIT_MS);
  return withProgress(context.streams.stderr, 'asking GitHub', () => github.list(repository));
}

async function found(
  context: Context,
  id: string,
  options: IssueOptions,
): Promise<Issue | undefined> {
  const { provider, key } = splitIssue(id);
  if (provider === 'local') return withLocal(context, options, (local) => local.find(key));
  if (provider !== 'github') throw unknownProvider(provider);
  const github = openGitHub(context.config(), LONGEST_WAIT_MS);
  return withProgress(context.streams.stderr, 'asking GitHub', () => github.find(key));
}

async function withLocal<T>(
  context: Context,
  options: IssueOptions,
  work: (local: LocalIssues) => Promise<T>,
): Promise<T> {
  let result: { of: T } | undefined;
  await withSession(context, options, async (session) => {
    const { id } = await selectProject(session, context, options.project);
    result = { of: await work(new LocalIssues(session, id)) };
  });
  return result!.of;
}

function remoteHere(): string {
  const repository = /^github\.com\/(.+)$/.exec(gitProjectOf(process.cwd()) ?? '')?.[1];
  if (repository !== undefined) return repository;
  throw new AppError('invalid_input', 'this folder has no remote at GitHub', {
    hint: 'Name a repository: coffee-roadmap issues list github:us/shop.',
  });
}

function unknownProvider(name: string): AppError {
  return new AppError('invalid_input', `nothing is known about issues of "${stripEscapes(name)}"`, {
    hint: 'There are local and github, as in local:42 and github:us/shop#42.',
  });
}
