import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { rowsOf, sizeOf, type Manifest } from '@coffee-roadmap/shared/backups/manifest';
import type { Progress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';

/** `812 B`, `3.4 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let value = bytes;
  for (; value >= 999.5 && at < units.length - 1; at += 1) value /= 1000;
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

/** `18.4` of 180004. */
export function serverText(server: number): string {
  return `${Math.floor(server / 10_000)}.${server % 10_000}`;
}

/** What every command of this noun says of a backup in its document. */
export function documentOf(manifest: Manifest): object {
  const { database, cluster, made_at, server, migrations, tables, logins, others } = manifest;
  return {
    database,
    cluster,
    made_at,
    server: serverText(server),
    version: migrations.length,
    tables: tables.length,
    rows: rowsOf(manifest),
    bytes: sizeOf(manifest),
    logins: logins.logins,
    passwords: logins.passwords,
    other_schemas: others.schemas.map(({ schema }) => schema),
    others_included: others.schemas.length === 0 || others.file !== null,
  };
}

/** What is not in it, and what to do about it; a line each. */
export function missingIn({ logins, others }: Manifest): string[] {
  const schemas = others.schemas.map(({ schema }) => stripEscapes(schema)).join(', ');
  return [
    ...(logins.passwords
      ? []
      : ['Not in it: passwords, which only a superuser reads. Restored logins need new ones.']),
    ...(others.schemas.length === 0 || others.file !== null
      ? []
      : [
          `Not in it: what is in the schema ${schemas}, which is not ours.`,
          'With a pg_dump as new as the server in the PATH it is.',
        ]),
  ];
}

/** `reading the backup: 40 %`; few lines where each is kept. */
export function showPart({ update }: Pick<Progress, 'update'>): OnProgress {
  return (label, part) =>
    update(part === undefined ? label : `${label}: ${Math.floor(part * 10) * 10} %`);
}
