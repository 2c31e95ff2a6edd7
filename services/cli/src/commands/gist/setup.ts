import { AppError, isAppError } from '@coffee-roadmap/shared/errors';
import { detectDefaultBranch } from '@coffee-roadmap/shared/git/detect-default-branch';
import { ensureMirror } from '@coffee-roadmap/shared/git/ensure-mirror';
import { parseRemoteAddress } from '@coffee-roadmap/shared/git/remote-address';
import {
  createGist,
  DESCRIPTION,
  DESCRIPTION_V1,
  findGists,
  getGist,
  type FoundGist,
} from '@coffee-roadmap/shared/gist/find-gist';
import { accessOf, openGistClient, openStore } from '@coffee-roadmap/shared/gist/open-store';
import { withRemoteHints } from '@coffee-roadmap/shared/gist/remote-trouble';
import {
  findGistSettings,
  remoteFolder,
  saveGistSettings,
  type GistSettings,
} from '@coffee-roadmap/shared/gist/settings';
import { findToken } from '@coffee-roadmap/shared/gist/token';
import { isOursOrPlain } from '@coffee-roadmap/shared/shards/shard-name';
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { addVerb, wholeNumber, yesOption } from '../../command';
import type { CommonOptions, Context } from '../../context';
import type { Output } from '../../output';
import { formatOption } from './push';
import { keepToken } from './set-token';
import { placeOf } from './words';

interface SetUpOptions extends CommonOptions {
  remote?: string;
  branch?: string;
  gist?: string;
  api?: string;
  public?: boolean;
  retention?: number;
  format?: 'v1';
}

export function registerSetUp(gist: Command, context: Context): void {
  addVerb(gist, 'setup', 'choose the gist or git remote, once on each machine', {
    examples: [
      'gist setup',
      'gist setup --remote git@example.org:me/usage.git',
      'gist setup --gist 5f1c0ffee5f1c0ffee5f1c0ffee5f1c0',
    ],
  })
    .option('--remote <address>', 'any git remote: https, ssh, or a folder')
    .option('--branch <name>', 'its branch; default: the one that the remote names')
    .option('--gist <id>', 'a gist by its id, through GitHub’s API')
    .option('--public', 'a new gist that everybody can find; default: a secret one')
    .option('--api <url>', 'of another GitHub than github.com')
    .option('--retention <days>', 'of a gist’s daily backups; default: 30', wholeNumber(1))
    .addOption(formatOption())
    .addOption(yesOption())
    .action(async (options: SetUpOptions) => {
      const out = context.output(options);
      const remote = options.remote ?? (await askRemote(context, options));
      const chosen =
        remote === undefined
          ? await chooseGist(context, options, out)
          : await chooseRemote(context, remote, options.branch);
      const before = findGistSettings(context.config().paths) ?? {};
      saveGistSettings(context.config(), { ...chosen, ...keptOf(before, options) });
      out.result({ ...chosen }, () =>
        [`Records are shared through ${placeOf(chosen)}.`, 'Next: coffee-roadmap gist sync'].join(
          '\n',
        ),
      );
    });
}

/** What holds for any place, and is not forgotten when another is chosen. */
function keptOf(before: GistSettings, { retention, format }: SetUpOptions): Partial<GistSettings> {
  const { auto_sync, format: formatBefore, retention_days: daysBefore } = before;
  const days = retention ?? daysBefore;
  const files = format ?? formatBefore;
  return {
    ...(auto_sync && { auto_sync }),
    ...(files && { format: files }),
    ...(days !== undefined && { retention_days: days }),
  };
}

async function askRemote(context: Context, options: SetUpOptions): Promise<string | undefined> {
  if (options.gist !== undefined || options.api !== undefined || options.public) return undefined;
  const question = 'Address of a git remote, or nothing for a gist:';
  const answer = options.yes ? '' : await context.prompt(options).ask(question);
  return answer.trim() === '' ? undefined : answer.trim();
}

async function chooseRemote(
  context: Context,
  remote: string,
  branch: string | undefined,
): Promise<GistSettings> {
  const config = context.config();
  const address = path.isAbsolute(remote) || !existsSync(remote) ? remote : path.resolve(remote);
  const { kind } = parseRemoteAddress(address);
  if (kind === 'path' && !existsSync(parseRemoteAddress(address).path!)) {
    throw new AppError('invalid_input', 'there is no such folder', {
      hint: 'git init --bare FOLDER makes a remote of one.',
    });
  }
  const asked: GistSettings = { remote: address, ...(branch !== undefined && { branch }) };
  const found = branch ?? (await defaultBranch(context, asked));
  const settings: GistSettings = { remote: address, branch: found };
  const { files } = await (await openStore(config, settings)).read();
  const foreign = [...files.keys()].filter((name) => !isOursOrPlain(name));
  if (foreign.length > 0 && branch === undefined) {
    throw new AppError('conflict', `branch ${found} of that remote holds other files`, {
      hint: 'Name a branch for the records: coffee-roadmap gist setup --branch records --remote …',
    });
  }
  return settings;
}

async function defaultBranch(context: Context, settings: GistSettings): Promise<string> {
  const config = context.config();
  const mirror = path.join(remoteFolder(config.paths, settings), 'mirror.git');
  const access = await accessOf(config, settings);
  await ensureMirror({ folder: mirror, url: access.url });
  return (await withRemoteHints(() => detectDefaultBranch({ mirror, ...access }))).branch;
}

async function chooseGist(
  context: Context,
  options: SetUpOptions,
  out: Output,
): Promise<GistSettings> {
  if ((await findToken(context.config())) === undefined) {
    out.say('A token with the right “gist” alone: https://github.com/settings/tokens');
    const token = await context.prompt(options).secret('GitHub token (not shown):');
    await keepToken(context, token.trim(), out.say);
  }
  const client = await openGistClient(context.config(), options.api);
  const found =
    options.gist === undefined
      ? await findOrCreate(client, options, out)
      : await getGist(client, options.gist);
  if (found.public) out.say('warning: this gist is public; everybody can read what is sent there.');
  return { gist: found.id, ...(options.api !== undefined && { api: options.api }) };
}

async function findOrCreate(
  client: Parameters<typeof findGists>[0],
  options: SetUpOptions,
  out: Output,
): Promise<FoundGist> {
  const found = await findGists(client, [DESCRIPTION, DESCRIPTION_V1]).catch((error: unknown) => {
    throw isAppError(error) && error.code === 'not_allowed' ? tokenRefused(error) : error;
  });
  const ours = found.filter(({ description }) => description === DESCRIPTION);
  const old = found.find(({ description }) => description === DESCRIPTION_V1);
  if (old) out.say(`note: ccu’s gist is ${old.id}; --gist ${old.id} takes it over and reads it.`);
  if (ours.length > 1)
    out.say(`note: there are ${ours.length} such gists; the oldest is used, ${ours[0]!.id}.`);
  return ours[0] ?? (await createGist(client, options.public === true));
}

const tokenRefused = (error: AppError): AppError =>
  new AppError('not_allowed', error.message, {
    hint: 'It needs the right “gist”: coffee-roadmap gist set-token, then gist setup again.',
    cause: error,
  });
