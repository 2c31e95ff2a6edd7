import type { Paths } from '@coffee-roadmap/shared/config/paths';
import { ensureIdentity } from '@coffee-roadmap/shared/machines/identity';
import { pullRemote, type PullResult } from '@coffee-roadmap/shared/remotes/pull-remote';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { query } from '../../support/database';
import type { SshMachine, SshNetwork } from '../../support/ssh-server';
import type { Cli, Result } from '../cli/program';

/** One remote, as `sync --json` tells of it. */
export interface Outcome {
  remote: string;
  state: 'done' | 'failed';
  machine_id: string;
  label: string;
  new_machine: boolean;
  inserted: number;
  duplicate: number;
  refused: number;
  reasons: Record<string, number>;
  anew: boolean;
  code: string;
  message: string;
  hint: string;
}

/** Puts a program called coffee-roadmap into a machine's PATH: the built one, or a shell script. */
export function putProgram(machine: SshMachine, file: string, script?: string): void {
  const program = path.join(machine.bin, 'coffee-roadmap');
  writeFileSync(program, `#!/bin/sh\n${script ?? `exec "${process.execPath}" "${file}" "$@"`}\n`);
  chmodSync(program, 0o755);
}

/** What a linked `coffee-roadmap` runs where a command needs no database. */
export const machineProgram = ({ file }: Cli): string =>
  path.join(path.dirname(file), 'coffee-roadmap-machine.js');

export async function sync(
  cli: Cli,
  network: SshNetwork,
  args: string[],
): Promise<Result & { remotes: Outcome[] }> {
  const env = { COFFEE_ROADMAP_SSH: network.command };
  const result = await cli.run(['sync', ...args, '--yes', '--json'], { env });
  const { remotes = [] } = (result.stdout === '' ? {} : JSON.parse(result.stdout)) as {
    remotes?: Outcome[];
  };
  return { ...result, remotes };
}

/** Where the program of whoever lives in `home` keeps its files. */
export const pathsIn = (home: string): Paths => ({
  config: path.join(home, '.config/coffee-roadmap'),
  data: path.join(home, '.local/share/coffee-roadmap'),
  state: path.join(home, '.local/state/coffee-roadmap'),
});

/** What `init --label` does, in this process. */
export const initIn = (home: string, label: string): string =>
  ensureIdentity(pathsIn(home), { label, fallback: () => label }).identity.machine_id;

/** The same as sync, within this process: `home` has the hub's files, the session its database. */
export const pullInto = (
  { session, network, home }: { session: Session<'person'>; network: SshNetwork; home: string },
  name: string,
): Promise<PullResult> =>
  pullRemote(name, {
    session,
    paths: pathsIn(home),
    command: network.words,
    environment: { PATH: process.env.PATH ?? '', HOME: home },
    mayAsk: false,
    askLabel: ({ label }) => Promise.resolve(label),
  });

/** A hub in a home of its own. */
export function openHub(session: Session<'person'>, network: SshNetwork) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee hub '));
  return {
    pull: (name: string) => pullInto({ session, network, home }, name),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Every row that came from a machine, without the time of its import. */
export async function rowsOf(url: string, machineId: string): Promise<string[]> {
  const tables = ['usage_records', 'phrase_records', 'activity_events'];
  const rows = await Promise.all(
    tables.map((table) =>
      query<{ row: string }>(
        url,
        `select (to_jsonb(t) - 'imported_at' - 'person_id')::text as row from coffee.${table} t
         where machine_id = $1`,
        [machineId],
      ),
    ),
  );
  return rows.flatMap((found, i) => found.map(({ row }) => `${tables[i]} ${row}`)).sort();
}
