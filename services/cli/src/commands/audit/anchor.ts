import { anchorLine, erasureLine, parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import {
  announceSeal,
  getNewestSeal,
  listErasures,
  sealAudit,
  type Erasure,
} from '@coffee-roadmap/shared/audit/queries';
import { commitFile } from '@coffee-roadmap/shared/audit/commit-file';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withAuditor } from './open-auditor';

interface AnchorOptions extends CommonOptions {
  commit?: boolean;
  slack?: string;
}

export function registerAnchor(audit: Command, context: Context): void {
  addVerb(audit, 'anchor [file]', 'seal, and keep the newest seal outside of the database', {
    examples: [
      'audit anchor ~/anchors.txt',
      'audit anchor ~/ops/anchors.txt --commit',
      'audit anchor --slack shop',
    ],
  })
    .option('--commit', 'commit the file in the git repository that it lies in')
    .option('--slack <project>', 'post it where this project’s notifications go')
    .action((file: string | undefined, { commit, slack, ...options }: AnchorOptions) =>
      withAuditor(context, options, async (session, out) => {
        if (file === undefined && (slack === undefined || commit === true)) {
          throw new AppError('invalid_input', 'where shall it be kept?', {
            hint: 'Name a file, or a project with --slack.',
          });
        }
        await sealAudit(session);
        const seal = await getNewestSeal(session);
        if (seal === undefined) {
          throw new AppError('not_found', 'there is nothing to anchor: the trail is empty', {
            hint: 'The first login that is made is its first entry.',
          });
        }
        const { n, hash } = seal;
        if (file !== undefined)
          append(file, anchorLine(seal, new Date()), await listErasures(session));
        const committed =
          file !== undefined && commit === true
            ? await commitFile(file, `Anchor the audit trail at seal ${n}`)
            : null;
        const project = slack === undefined ? null : await announceSeal(session, slack);
        const document = { seal: n, hash, file: file ?? null, commit: committed };
        out.result({ ...document, project }, () => {
          const places = [
            ...(file === undefined ? [] : [stripEscapes(file)]),
            ...(committed === null ? [] : [`commit ${committed.slice(0, 12)}`]),
            ...(project === null ? [] : [`the channel of ${stripEscapes(project)}`]),
          ];
          return `Seal ${n} is in ${places.join(', ')}.\n${hash}`;
        });
      }),
    );
}

/** Adds the seal, and the erasures that the file does not name yet. */
function append(file: string, line: string, erasures: Erasure[]): void {
  try {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const named = new Set(parseErasures(text));
    const added = erasures.filter(({ person }) => !named.has(person)).map(erasureLine);
    const end = text === '' || text.endsWith('\n') ? '' : '\n';
    appendFileSync(file, [end, line, ...added].join(''), { mode: 0o600, flush: true });
  } catch (error) {
    throw new AppError('failed', `${stripEscapes(file)} cannot be written: ${messageOf(error)}`, {
      hint: 'Name a file in a folder that you may write to.',
      cause: error,
    });
  }
}
