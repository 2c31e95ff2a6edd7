import type { Conflict } from '@coffee-roadmap/shared/gist/push';
import type { GistSettings } from '@coffee-roadmap/shared/gist/settings';
import type { EntryRefusal } from '@coffee-roadmap/shared/shards/machine-entry';
import type { PushEnd } from '@coffee-roadmap/shared/gist/push';
import { stripEscapes } from '../../terminal/strip-escapes';

/** `gist 5f1c…` or the git address. */
export function placeOf({ gist, remote, branch }: GistSettings): string {
  if (gist !== undefined) return `gist ${gist}`;
  return `${remote}${branch === undefined ? '' : ` (${branch})`}`;
}

export function conflictText(
  { attempt, most, local, remote }: Conflict,
  settings: GistSettings,
): string {
  const what = settings.gist === undefined ? 'the remote' : 'the gist';
  return [
    `Conflict detected: ${what} has newer changes`,
    `   Local:  ${local}`,
    ...(remote === null ? [] : [`   Remote: ${remote}`]),
    `Auto-merging… (attempt ${attempt}/${most})`,
  ].join('\n');
}

export const records = (count: number): string => `${count} record${count === 1 ? '' : 's'}`;

export function pushText({ sent, changed, conflicts, mended }: PushEnd): string {
  const lines = [
    ...(conflicts > 0 ? ['Conflicts auto-resolved via merge.'] : []),
    ...mended.map((file) => `${file} was damaged there: written anew from this machine’s spool.`),
    changed || sent > 0 ? `Done: ${records(sent)} new there.` : 'Done: nothing new.',
  ];
  return lines.join('\n');
}

const MOST_SHOWN = 10;

/** What was not taken, one a line; undefined where all was. */
export function refusedText(refused: readonly EntryRefusal[]): string | undefined {
  if (refused.length === 0) return undefined;
  const shown = refused.slice(0, MOST_SHOWN).map(({ file, reason }) => {
    const name = stripEscapes(file).slice(0, 60);
    return `  ${name}: ${stripEscapes(reason)}`;
  });
  const more = refused.length - shown.length;
  return [
    `Refused there (${refused.length}), the rest was taken:`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
  ].join('\n');
}
