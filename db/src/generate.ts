import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareAccess, parseAccessIntent } from './access-intent';
import { readAccessMatrix } from './access-matrix';
import { formatAccess } from './format-access';
import { formatTables } from './format-tables';
import { lintDatabase } from './lint';
import { withScratchDatabase } from './scratch-database';
import { databaseFolder } from './source';

const TYPES = 'libs/shared/src/db/types.generated.ts';
const INTENT = 'db/access-intent.md';

interface Reading {
  /** Generated file, from the root → its text. */
  files: Map<string, string>;
  /** What the lints find, and where access is not what is meant. */
  problems: string[];
}

/** Writes what is generated from db/; returns the files that changed. `url` is a superuser's. */
export async function generate(url: string): Promise<string[]> {
  const { files } = await read(url);
  const changed = [...files].filter(([file, text]) => committed(file) !== text);
  for (const [file, text] of changed) {
    mkdirSync(path.dirname(inRoot(file)), { recursive: true });
    writeFileSync(inRoot(file), text);
  }
  return changed.map(([file]) => file);
}

/** What is wrong, and what to do, one line each; empty when all is well. `url` is a superuser's. */
export async function verify(url: string): Promise<string[]> {
  const { files, problems } = await read(url);
  const drifted = [...files].filter(([file, text]) => committed(file) !== text);
  return [
    ...problems,
    ...drifted.map(([file]) => `${file} is not what db/ gives: npm run db:generate`),
  ];
}

async function read(url: string): Promise<Reading> {
  const folder = databaseFolder();
  return withScratchDatabase(url, folder, async (client, own) => {
    const matrix = await readAccessMatrix(client);
    const findings = await lintDatabase(client, folder);
    const meant = parseAccessIntent(committed(INTENT) ?? '');
    return {
      files: new Map([
        [TYPES, generateTypes(own)],
        ['db/generated/access.md', formatAccess(matrix)],
        ['db/generated/tables.md', await formatTables(client)],
      ]),
      problems: [
        ...findings.map((f) => `db/lints/${f.lint}.sql: ${f.object} ${f.problem}`),
        ...compareAccess(meant, matrix).map((line) => `${INTENT}: ${line}`),
      ],
    };
  });
}

/** As the owner: information_schema, which the generator reads, shows others less. */
function generateTypes(url: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-types-'));
  const file = path.join(folder, 'types.ts');
  const program = inRoot('node_modules/kysely-codegen/dist/cli/bin.js');
  const config = inRoot('.kysely-codegenrc.json');
  try {
    execFileSync(
      process.execPath,
      [program, '--config-file', config, '--out-file', file, '--url', url, '--log-level', 'error'],
      { cwd: inRoot('.'), stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function committed(file: string): string | undefined {
  try {
    return readFileSync(inRoot(file), 'utf8');
  } catch {
    return undefined;
  }
}

function inRoot(file: string): string {
  return path.join(databaseFolder(), '..', file);
}
