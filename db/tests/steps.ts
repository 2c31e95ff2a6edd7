import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { valueOf } from './refusal';

/** What people and daemons do, in one line each, for tests that are about something else. */

export interface Claim {
  item_id: number;
  kind: 'work' | 'merge';
  fence: number;
  attempt_id: number | null;
  taken_over: boolean;
}

export interface ClaimOptions {
  instance?: string;
  agents?: string[];
  lease?: string;
  grace?: string;
  projects?: string[] | null;
}

/** Undefined: there is nothing to do. */
export async function claim(
  daemon: Client,
  options: ClaimOptions = {},
): Promise<Claim | undefined> {
  const { rows } = await daemon.query<Record<keyof Claim, never>>(
    'select * from daemon.claim($1, $2, $3, $4, $5)',
    [
      options.instance ?? randomUUID(),
      options.agents ?? ['command'],
      options.lease ?? '10 min',
      options.grace ?? '2 s',
      options.projects ?? null,
    ],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    item_id: Number(row.item_id),
    kind: row.kind,
    fence: Number(row.fence),
    attempt_id: row.attempt_id === null ? null : Number(row.attempt_id),
    taken_over: row.taken_over,
  };
}

/** With `command` as its agent, which no seeded project has. */
export function addProject(person: Client, settings: object = {}): Promise<string> {
  return valueOf(person, `select coffee.add_project(null, $1, '/srv/x', $2)`, [
    `p-${randomUUID().slice(0, 8)}`,
    { agent: 'command', backoff_s: 0, ...settings },
  ]);
}

export async function addItem(person: Client, project: string, title = 'x'): Promise<number> {
  return Number(await valueOf(person, 'select (coffee.add_item($1, $2)).id', [project, title]));
}

export interface Facts {
  branch?: string;
  commit_hash?: string;
  cost_usd?: number | string;
  last_output?: string;
  diff_stat?: object;
}

/** Ends the attempt; the item's state then. */
export function finish(
  daemon: Client,
  held: Claim,
  outcome: string,
  reason: string | null = null,
  facts: Facts = {},
): Promise<string> {
  return valueOf(daemon, 'select (daemon.finish($1, $2, $3, $4, $5)).state', [
    held.item_id,
    held.fence,
    outcome,
    reason,
    facts,
  ]);
}

/** Ends the merge; the item's state then. */
export function finishMerge(
  daemon: Client,
  held: Claim,
  outcome: string,
  reason: string | null = null,
): Promise<string> {
  return valueOf(daemon, 'select (daemon.finish_merge($1, $2, $3, $4, $5)).state', [
    held.item_id,
    held.fence,
    outcome,
    'c0ffee'.padEnd(40, '0'),
    reason,
  ]);
}

export const DONE: Facts = { branch: 'roadmap/1-x', commit_hash: 'c0ffee'.padEnd(40, '0') };
