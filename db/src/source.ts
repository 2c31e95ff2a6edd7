import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SqlFile {
  /** For example `policies/teams.sql`. */
  name: string;
  sql: string;
}

export interface MigrationFile extends SqlFile {
  version: number;
  /** SHA-256 of the file, in hex. */
  hash: string;
}

/** The db/ folder: beside this file in the sources, or above dist/ when bundled. */
export function databaseFolder(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'db', 'roles.sql'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('db/roles.sql was not found');
    folder = parent;
  }
  return path.join(folder, 'db');
}

export function readSql(folder: string, name: string): SqlFile {
  return { name, sql: readFileSync(path.join(folder, name), 'utf8') };
}

/** All .sql files of one folder of db/, in the order of their names. */
export function listSql(folder: string, part: string): SqlFile[] {
  return readdirSync(path.join(folder, part))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readSql(folder, `${part}/${name}`));
}

/** The migrations in order. Throws when numbers are missing or used twice. */
export function listMigrations(folder: string): MigrationFile[] {
  return listSql(folder, 'migrations').map((file, index) => {
    const version = Number(/^migrations\/(\d{4})_[a-z0-9_]+\.sql$/.exec(file.name)?.[1]);
    if (version !== index + 1) {
      throw new Error(`${file.name}: expected number ${String(index + 1).padStart(4, '0')}`);
    }
    return { ...file, version, hash: sha256(file.sql) };
  });
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
