import { AppError } from '@coffee-roadmap/shared/errors';
import { listProjectNames } from '@coffee-roadmap/shared/projects/queries';
import type { LinkKind } from '@coffee-roadmap/shared/publishing/match-links';
import { linkProject, listLinks } from '@coffee-roadmap/shared/publishing/queries';
import { nameOfRemote } from '@coffee-roadmap/shared/time/hooks/git-project';
import { Option, type Command } from 'commander';
import os from 'node:os';
import path from 'node:path';
import { addVerb, projectOption } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { withPublishing } from '../publish/open-sessions';

interface LinkOptions extends CommonOptions {
  project?: string;
  kind?: LinkKind;
  remove?: boolean;
}

export function registerLink(projects: Command, context: Context): void {
  addVerb(projects, 'link [what]', 'which of your folders, remotes, tags are a project’s', {
    examples: [
      'projects link',
      'projects link ~/work/shop --project shop',
      'projects link git@github.com:us/shop.git --project shop',
      'projects link acme --project shop',
      'projects link acme --remove',
    ],
  })
    .addOption(projectOption())
    .addOption(
      new Option('--kind <kind>', 'what it is, where its shape does not say').choices([
        'folder',
        'remote',
        'tag',
        'stream',
      ]),
    )
    .option('--remove', 'take the link away')
    .action((what: string | undefined, options: LinkOptions) =>
      withPublishing(context, async ({ own, team }) => {
        const out = context.output(options);
        if (what === undefined) {
          const names = new Map((await listProjectNames(team)).map(({ id, name }) => [id, name]));
          const links = (await listLinks(own)).map(({ project_id, ...link }) => ({
            ...link,
            project: names.get(project_id) ?? project_id,
          }));
          return out.result({ links }, () =>
            links.length === 0
              ? 'Nothing is linked, so nothing is published.\ncoffee-roadmap projects link PATH --project NAME'
              : renderTable(
                  [
                    { title: 'KIND' },
                    { title: 'WHAT', flexible: true, min: 20 },
                    { title: 'PROJECT' },
                  ],
                  links.map(({ kind, value, project }) => [kind, value, project]),
                  { width: out.width, paintTitle: out.colours.dim },
                ),
          );
        }
        const { kind, value } = readLink(what, options.kind);
        if (options.remove === true) {
          const changed = await linkProject(own, kind, value, null);
          return out.result({ kind, value, project: null, changed }, () =>
            changed
              ? `The ${kind} ${stripEscapes(value)} is no longer linked.`
              : `The ${kind} ${stripEscapes(value)} was not linked.`,
          );
        }
        const project = await selectProject(team, context, options.project);
        const changed = await linkProject(own, kind, value, project.id);
        out.result({ kind, value, project: project.name, changed }, () =>
          [
            `The ${kind} ${stripEscapes(value)} belongs to ${project.name}.`,
            'coffee-roadmap publish --dry-run shows what your team will see of it.',
          ].join('\n'),
        );
      }),
    );
}

/** A path is a folder, an address a remote, everything else a tag. Throws `invalid_input`. */
export function readLink(what: string, kind?: LinkKind): { kind: LinkKind; value: string } {
  const guessed = kind ?? guess(what);
  if (guessed === 'folder') {
    const home = what === '~' || what.startsWith('~/') ? os.homedir() + what.slice(1) : what;
    return { kind: guessed, value: path.resolve(home) };
  }
  if (guessed === 'remote') return { kind: guessed, value: remoteName(what) };
  if (what.trim() === '') {
    throw new AppError('invalid_input', 'there is no empty tag', {
      hint: 'Name a folder, a remote or a tag.',
    });
  }
  return { kind: guessed, value: what.trim() };
}

function guess(what: string): LinkKind {
  if (/^[./~]/.test(what)) return 'folder';
  return /^[a-z+]+:\/\/|^[\w.-]+@[\w.-]+:/i.test(what) || /^[\w-]+(\.[\w-]+)+(:\d+)?\//.test(what)
    ? 'remote'
    : 'tag';
}

/** `github.com/us/shop` of any form of its address, without credentials, as streams have it. */
function remoteName(address: string): string {
  // As streams show it, which may have a port; git would take that for a folder.
  const isName = /^[\w.-]+(?::\d{1,5})?\//.test(address);
  const name = nameOfRemote(isName ? `ssh://${address}` : address);
  if (name !== null) return name;
  throw new AppError('invalid_input', `this is no address of a remote: ${address.slice(0, 100)}`, {
    hint: 'Such as git@github.com:us/shop.git, or github.com/us/shop as streams show it.',
  });
}
