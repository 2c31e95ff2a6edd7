import type { ComparedTime } from '@coffee-roadmap/shared/move-ins/tally';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createTeam, type Team } from './team';

export interface MoveReport {
  dry_run: boolean;
  batch: number | null;
  rows: Record<string, number> & { reasons: Record<string, number> };
  refused_rows: { row: string; reason: string }[];
  totals: Record<'source' | 'before' | 'after', Record<string, number>>;
  notes: string[];
  times?: ComparedTime[];
}

/** A team, a folder with what older systems left, and the command that brings it here. */
export interface Move {
  team: Team;
  at(name: string): string;
  run(...args: string[]): Promise<MoveReport>;
  rollBack(batch: number | null): Promise<unknown>;
  /** Names and contents of everything in the folder. */
  state(): string;
  /** When anything about any file or folder was changed last: nothing can be written without it. */
  changes(): string;
  close(): Promise<void>;
}

export async function openMove(): Promise<Move> {
  const team = await createTeam();
  const folder = path.join(team.program.folder, 'older systems');
  mkdirSync(folder);
  return {
    team,
    at: (name) => path.join(folder, name),
    run: (...args) => team.ada.cli.json<MoveReport>(['move-in', ...args]),
    rollBack: (batch) => team.ada.cli.json(['move-in', 'rollback', String(batch), '--yes']),
    state: () =>
      JSON.stringify(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => [
            name,
            createHash('sha256')
              .update(readFileSync(path.join(parentPath, name)))
              .digest('hex'),
          ])
          .sort(),
      ),
    changes: () =>
      JSON.stringify(
        readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .sort()
          .map((name) => [
            name,
            statSync(path.join(folder, name), { bigint: true }).ctimeNs.toString(),
          ]),
      ),
    close: () => team.close(),
  };
}
