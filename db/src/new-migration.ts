import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { listMigrations } from './source';

/** Makes db/migrations/<next number>_<name>.sql; returns its path. Throws for a name that is none. */
export function newMigration(folder: string, name: string): string {
  const snake = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  if (!/^[a-z][a-z0-9_]{0,60}$/.test(snake)) {
    throw new Error(
      `"${name}" is not a migration's name: letters, digits and _, for example add_tags`,
    );
  }
  const number = String(listMigrations(folder).length + 1).padStart(4, '0');
  const file = path.join(folder, 'migrations', `${number}_${snake}.sql`);
  const text = [
    '-- Shape only, as coffee_owner, in one transaction; never edited once it is released. Who may do',
    '-- what belongs to functions/, policies/ and views/; each new table to access-intent.md as well.',
    '',
    '',
  ];
  writeFileSync(file, text.join('\n'), { flag: 'wx' });
  return file;
}
