import { makeRecordId } from '../../records/record-id';
import { linesOf } from '../../shards/shard-content';
import type { LocalRecords } from '../local-records';
import { pullRecords, type PullEnd, type Receiver } from '../pull';
import { pushRecords, type PushEnd } from '../push';
import type { CompareAndSwapStore, Snapshot } from '../store';

export const A = 'aaaaaaaa-0000-4000-8000-000000000001';
export const B = 'bbbbbbbb-0000-4000-8000-000000000002';

/** A usage record's line. */
export function usageLine(machineId: string, n: number, at = '2026-03-04T05:06:07.000Z'): Buffer {
  const discriminator = `msg_${n}/req_${n}`;
  return Buffer.from(
    JSON.stringify({
      v: 1,
      id: makeRecordId({ machineId, source: 'claude', type: 'usage', at, discriminator }),
      at,
      type: 'usage',
      source: 'claude',
      message_id: `msg_${n}`,
      request_id: `req_${n}`,
      line_uuid: `line-${n}`,
      session_id: `s${n % 3}`,
      is_sidechain: false,
      model: 'claude-haiku-4-5',
      input_tokens: n,
      output_tokens: 2,
      cache_read_tokens: 3,
      cache_write_5m_tokens: 4,
      cache_write_1h_tokens: 5,
      logged_cost_usd: '0.25',
      folder: '/srv/thing',
    }),
  );
}

export function localOf(machineId: string, label: string, lines: readonly Buffer[]): LocalRecords {
  return {
    machineId,
    label,
    after(cursor) {
      const place = lines.findIndex((line) => cursor !== null && line.includes(`"${cursor}"`));
      return { found: cursor === null || place >= 0, lines: lines.slice(place + 1) };
    },
  };
}

export const push = (
  store: CompareAndSwapStore,
  local: LocalRecords,
  options: Partial<Parameters<typeof pushRecords>[2]> = {},
): Promise<PushEnd> => pushRecords(store, local, { pause: () => Promise.resolve(), ...options });

/** Pulls everything; gives what came, line by line, of each machine. */
export async function pull(
  snapshot: Snapshot,
): Promise<PullEnd & { lines: Map<string, string[]>; labels: Map<string, string> }> {
  const lines = new Map<string, string[]>();
  const labels = new Map<string, string>();
  const receiver: Receiver = {
    owner: 'ada',
    cursorOf: () => Promise.resolve(null),
    moveCursor: () => Promise.resolve(),
    async take({ machineId, label, pieces }) {
      labels.set(machineId, label);
      const all = lines.get(machineId) ?? [];
      for await (const piece of pieces) for (const line of linesOf(piece)) all.push(String(line));
      lines.set(machineId, all);
    },
  };
  const end = await pullRecords(snapshot, receiver, { judge: () => undefined });
  return { ...end, lines, labels };
}
