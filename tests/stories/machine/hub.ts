import { pullRemote, type PullResult } from '@coffee-roadmap/shared/remotes/pull-remote';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** The same within this process: a hub's own folders, and what its database is. */
export function openHub(session: Session<'person'>, network: SshNetwork) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee hub '));
  const paths = { config: `${folder}/config`, data: `${folder}/data`, state: `${folder}/state` };
  mkdirSync(paths.state);
  return {
    pull: (name: string): Promise<PullResult> =>
      pullRemote(name, {
        session,
        paths,
        command: network.words,
        environment: { PATH: process.env.PATH ?? '', HOME: folder },
        mayAsk: false,
        askLabel: ({ label }) => Promise.resolve(label),
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
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
