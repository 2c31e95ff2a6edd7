import path from 'node:path';
import { complaintIn, runProgram } from '../postgres/run-program';

/** Where programs are looked for. */
export interface Programs {
  searchPath: string;
}

/**
 * What is in no schema of ours, and so in no migration, is written by pg_dump where this machine has one
 * that knows the server. Returns its version; undefined where there is none.
 */
export async function findPgDump(server: number, programs: Programs): Promise<string | undefined> {
  const version = await versionOf('pg_dump', programs);
  return version !== undefined && parseInt(version, 10) >= Math.floor(server / 10_000)
    ? version
    : undefined;
}

/** Writes them as of the snapshot; what went wrong, or undefined. */
export async function dumpOthers(
  url: string,
  { schemas, snapshot, file }: { schemas: string[]; snapshot: string; file: string },
  { searchPath }: Programs,
): Promise<string | undefined> {
  const [connection, env] = connectionOf(url, searchPath);
  const { code, output } = await runProgram(
    'pg_dump',
    [
      ...['--format=custom', '--no-owner', '--no-password', `--snapshot=${snapshot}`],
      ...schemas.map((schema) => `--schema="${schema.replaceAll('"', '""')}"`),
      ...[`--file=${path.resolve(file)}`, `--dbname=${connection}`],
    ],
    { env },
  );
  return code === 0 ? undefined : complaintIn(output);
}

/** Restores all of them or none into schemas that are there; what went wrong, or undefined. */
export async function restoreOthers(
  url: string,
  { schemas, file }: { schemas: string[]; file: string },
  { searchPath }: Programs,
): Promise<string | undefined> {
  if ((await versionOf('pg_restore', { searchPath })) === undefined) {
    return 'pg_restore is not installed here';
  }
  const [connection, env] = connectionOf(url, searchPath);
  const { code, output } = await runProgram(
    'pg_restore',
    [
      ...['--no-owner', '--no-password', '--single-transaction', '--exit-on-error'],
      // Named, so that it does not make them: public is there in every database.
      ...schemas.map((schema) => `--schema=${schema}`),
      ...[`--dbname=${connection}`, path.resolve(file)],
    ],
    { env },
  );
  return code === 0 ? undefined : complaintIn(output);
}

async function versionOf(program: string, { searchPath }: Programs): Promise<string | undefined> {
  try {
    const { output } = await runProgram(program, ['--version'], { env: { PATH: searchPath } });
    return /\(PostgreSQL\) (\d+\S*)/.exec(output)?.[1];
  } catch {
    return undefined; // not installed
  }
}

/** Passwords are not given as arguments, which everybody on the machine can read. */
function connectionOf(url: string, searchPath: string): [string, Record<string, string>] {
  const connection = new URL(url);
  const password = decodeURIComponent(connection.password);
  connection.password = '';
  return [connection.href, { PATH: searchPath, PGPASSWORD: password }];
}
