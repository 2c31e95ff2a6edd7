import { ensureLogin, hasPeople, type LoginKind } from '@coffee-roadmap/db/ensure-login';
import {
  readPrivateJson,
  writePrivateJson,
  writePrivateText,
} from '@coffee-roadmap/shared/config/private-file';
import type { ConfigFile } from '@coffee-roadmap/shared/config/config';
import { migrateOrExplain } from '@coffee-roadmap/shared/local-stack/start-database';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROGRAMS, type Program, type Setup } from './config';
import { newPassword, superuserUrl, urlFor } from './superuser';

/**
 * Migrates, and sees to it that each program has a login of its own, in a file that only it sees.
 * Repeatable: a file that is there stays as it is, and the database is told what it says.
 */
export async function setUpDatabase(setup: Setup, say: (line: string) => void): Promise<void> {
  const admin = superuserUrl(setup);
  await migrateOrExplain(admin, say);
  for (const program of PROGRAMS) await ensureProgram(setup, admin, program);
  await ensureFirstPerson(setup, admin, say);
  say('the database is ready');
}

async function ensureProgram(setup: Setup, admin: string, program: Program): Promise<void> {
  const file = setup.urlFile(program);
  const password = existsSync(file) ? passwordIn(readFileSync(file, 'utf8')) : newPassword();
  writePrivateText(file, `${await ensure(setup, admin, program, program, password)}\n`);
}

/** Only on a database without people, or for a stack that lost its file: people remove logins. */
async function ensureFirstPerson(
  setup: Setup,
  admin: string,
  say: (line: string) => void,
): Promise<void> {
  const file = path.join(setup.cliConfig, 'config.json');
  const known = readPrivateJson<ConfigFile>(file);
  const url = known?.database_url;
  if (url !== undefined && (await hasPeople(admin))) return;
  const password = url === undefined ? newPassword() : passwordIn(url);
  const made = await ensure(setup, admin, 'person', setup.firstPerson, password);
  writePrivateJson(file, { ...known, database_url: made });
  say(`${setup.firstPerson} is who docker compose run --rm cli works as`);
}

async function ensure(
  setup: Setup,
  admin: string,
  kind: LoginKind,
  name: string,
  password: string,
): Promise<string> {
  return urlFor(setup, await ensureLogin(admin, { kind, name, password }), password);
}

function passwordIn(url: string): string {
  return new URL(url.trim()).password;
}
