import { AppError } from '../errors';
import type { LocalRecords } from './local-records';
import { planPush, type PlanOptions, type PushPlan } from './plan-push';
import type { CompareAndSwapStore, Snapshot } from './store';
import { parseJson } from '../shards/manifest';

export interface Conflict {
  /** Of how many. */
  attempt: number;
  most: number;
  /** When each side last changed something; null where that is not known. */
  local: string;
  remote: string | null;
}

export interface PushOptions extends Omit<PlanOptions, 'now'> {
  now?: () => Date;
  /** Default 10. */
  attempts?: number;
  /** Waits; how long is decided here. */
  pause: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  random?: () => number;
  onConflict?: (conflict: Conflict) => void;
}

export interface PushEnd extends Pick<PushPlan, 'sent' | 'entry' | 'mended' | 'remote'> {
  /** Somebody else was faster so many times. */
  conflicts: number;
  /** Something was written. */
  changed: boolean;
  /** The remote as it was then. */
  after: Snapshot;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Brings this machine's records to a remote, whoever else writes there meanwhile: reads, plans, writes if
 * nothing has moved, else again after a pause that grows and is never the same on two machines. Throws
 * `conflict` after the last attempt; nothing is lost then, the next push goes on.
 */
export async function pushRecords(
  store: CompareAndSwapStore,
  local: LocalRecords,
  options: PushOptions,
): Promise<PushEnd> {
  const { attempts = 10, now = () => new Date(), random = Math.random } = options;
  let sent = 0;
  let changed = false;
  let mended: string[] = [];
  let localAt = '';
  for (let conflicts = 0; ; conflicts += 1) {
    const snapshot = await store.read();
    if (conflicts > 0 && options.onConflict) {
      const remoteAt = await lastUpdate(snapshot);
      options.onConflict({ attempt: conflicts, most: attempts, local: localAt, remote: remoteAt });
    }
    const plan = await planPush(store, snapshot, local, { ...options, now: now() });
    sent = Math.max(sent, plan.sent);
    if (plan.mended.length > 0) ({ mended } = plan);
    const end = { sent, entry: plan.entry, mended, remote: plan.remote, conflicts };
    if (plan.changes.size === 0) return { ...end, changed, after: snapshot };
    const message = `${local.label.slice(0, 60)}: ${plan.sent} records`;
    const swapped = await store.swap(snapshot, plan.changes, message);
    if (swapped !== 'moved') return { ...end, changed: true, after: swapped };
    if (store.kind === 'gist') changed = true; // ours may be there; the next reading tells
    if (conflicts >= attempts) throw gaveUp(attempts);
    localAt = plan.entry.pushed_at;
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** conflicts);
    await options.pause(most * (0.5 + random() / 2));
  }
}

async function lastUpdate({ files }: Snapshot): Promise<string | null> {
  const manifest = files.get('manifest.json');
  const text = manifest && (await manifest.read()).toString('utf8');
  const found = parseJson(text ?? '') as
    { last_updated?: unknown; coffee_roadmap?: { last_updated?: unknown } } | undefined;
  const at = found?.coffee_roadmap?.last_updated ?? found?.last_updated;
  return typeof at === 'string' && /^[\d:TZ.-]{10,30}$/.test(at) ? at : null;
}

function gaveUp(attempts: number): AppError {
  return new AppError('conflict', `Cannot auto-resolve conflict after ${attempts} retries.`, {
    hint: 'Others write all the time: coffee-roadmap gist push again in a minute. Nothing is lost.',
  });
}
