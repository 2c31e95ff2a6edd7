import type { NamedLogin, RestoredLogins } from '@coffee-roadmap/db/backup/logins';
import type { ToldPerson } from '@coffee-roadmap/shared/backups/replay-departures';
import type { RestoredBackup } from '@coffee-roadmap/shared/backups/restore-backup';
import { stripEscapes } from '../../terminal/strip-escapes';
import { count } from '../../words';

const NAMED = 20;

/** Which logins work from now on, by name: an admin has to know. */
export function loginLines({ made, kept }: RestoredLogins, passwords: boolean): string[] {
  return [
    ...(made.length === 0 ? [] : [`Made ${count(made.length, 'login')}: ${namesOf(made)}.`]),
    ...(kept === 0
      ? []
      : [`${count(kept, 'login was', 'logins were')} there already: passwords stay as they are.`]),
    ...(passwords || made.length === 0
      ? []
      : ['They have no passwords: coffee-roadmap people rotate-password NAME.']),
  ];
}

/** Who has left again, who has not, and who says so. `isDefault`: commands find this database by themselves. */
export function leaverLines(
  { removedAgain, erasedAgain, notErased, loginsKept }: RestoredBackup,
  isDefault: boolean,
): string[] {
  return [
    ...(removedAgain.length === 0
      ? []
      : [`Removed again, as a database there says: ${namesOf(removedAgain)}.`]),
    ...told(
      `Erased again ${count(erasedAgain.length, 'person', 'people')} who had come back:`,
      erasedAgain,
    ),
    ...loginsKept.map(({ login, reason }) => stripEscapes(`Login ${login} stays: ${reason}.`)),
    ...told('Not erased, for only backups of another database say so:', notErased),
    ...(notErased.length === 0
      ? []
      : [
          'If it is this one, moved, erase them, too:',
          isDefault
            ? '  coffee-roadmap erase-me --replay FOLDER-OF-THAT-BACKUP'
            : '  coffee-roadmap backup restore … --erasures FOLDER-OF-THAT-BACKUP',
        ]),
  ];
}

function told(title: string, people: ToldPerson[]): string[] {
  if (people.length === 0) return [];
  const named = people
    .slice(0, NAMED)
    .map(({ name, toldBy }) => `  ${stripEscapes(`${name}: ${toldBy} says so`)}`);
  const more = people.length - named.length;
  return [title, ...named, ...(more === 0 ? [] : [`  and ${more} more (--json)`])];
}

function namesOf(logins: NamedLogin[]): string {
  const names = logins
    .slice(0, NAMED)
    .map(({ kind, name }) => stripEscapes(kind === 'person' ? name : `${name} (${kind})`));
  const more = logins.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more (--json)`;
}
