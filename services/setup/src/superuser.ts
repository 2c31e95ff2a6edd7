import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Setup } from './config';

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Once: Postgres takes the password when it makes its cluster, and keeps it. */
export function makeSuperuserPassword(setup: Setup, say: (line: string) => void): void {
  const file = setup.superuserPassword;
  if (existsSync(file)) return say('the superuser has a password already');
  const part = `${file}.part`;
  writeFileSync(part, newPassword());
  // Postgres runs under another uid; who sees the file is decided by who has the volume.
  chmodSync(part, 0o444);
  renameSync(part, file);
  say('made a password for the superuser');
}

export function superuserUrl(setup: Setup): string {
  const password = readFileSync(setup.superuserPassword, 'utf8');
  return urlFor(setup, 'postgres', password);
}

export function urlFor(setup: Setup, login: string, password: string): string {
  return `postgres://${login}:${password}@${setup.host}:${setup.port}/${setup.database}`;
}
