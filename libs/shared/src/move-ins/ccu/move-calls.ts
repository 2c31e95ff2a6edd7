import { importBatch, MOST_RECORDS } from '../../imports/queries';
import { listMachines } from '../../machines/queries';
import { parseLine } from '../../records/parse-line';
import { makeRecordId } from '../../records/record-id';
import { RECORD_VERSION, type UsageRecord } from '../../records/record';
import { machineIdV1 } from '../../shards/read-v1';
import { findMachine } from '../find-machine';
import type { MoveContext } from '../kinds';
import { MachineMissing } from '../machine-missing';
import { listTranscribedSessions } from '../queries';
import { readCalls, type CcuCall } from './read-calls';

/**
 * Lines of transcripts into the ledger of calls, each under its line's uuid: ccu kept no message ids. A
 * session whose transcript the ledger has already is left to that, which counts each call once.
 */
export async function moveCcu(context: MoveContext): Promise<void> {
  const { session, tally } = context;
  const transcribed = await listTranscribedSessions(session);
  const repeats = createRepeats();
  const waiting = new Map<string, UsageRecord[]>();
  const known = await listMachines(session);
  const machines = new Map<string, string>();
  const labels = new Map<string, string>();
  const hand = async (machineId: string): Promise<void> => {
    const records = waiting.get(machineId)!;
    const label = labels.get(machineId);
    tally.add(await importBatch({ session }, { machineId, label, road: 'move-in', records }));
    waiting.delete(machineId);
  };
  for (const row of readCalls(context.path)) {
    context.signal?.throwIfAborted();
    tally.read++;
    context.onProgress?.(tally.read);
    if ('reason' in row) {
      tally.refuse(row.row, row.reason);
      continue;
    }
    const { call, cost } = row;
    sumUp(context, call, cost);
    if (transcribed.has(call.session_id)) {
      tally.refuse(row.row, 'transcribed');
      continue;
    }
    const name = context.machine ?? row.machine;
    if (name === null || name === undefined) throw new MachineMissing();
    if (name.trim() === '') throw new MachineMissing();
    // An unknown one gets the id under which a gist with its files brings it.
    const machineId =
      machines.get(name) ?? findMachine(known, name)?.id ?? machineIdV1(session.me.id, name);
    machines.set(name, machineId);
    labels.set(machineId, name);
    const record = toRecord(machineId, call);
    if (typeof record === 'string') {
      tally.refuse(row.row, record);
      continue;
    }
    repeats.see(call);
    const records = waiting.get(machineId) ?? [];
    records.push(record);
    waiting.set(machineId, records);
    if (records.length === MOST_RECORDS) await hand(machineId);
  }
  for (const machineId of [...waiting.keys()]) await hand(machineId);
  warn(context, repeats.count());
}

function sumUp({ tally }: MoveContext, call: CcuCall, cost: number): void {
  tally.sum('calls', 1);
  tally.sum('input_tokens', call.input_tokens);
  tally.sum('output_tokens', call.output_tokens);
  tally.sum('cache_read_tokens', call.cache_read_tokens);
  tally.sum('cache_write_tokens', call.cache_write_tokens);
  tally.sum('cost_usd', cost);
}

/** The reason of the refusal where it is no record. */
function toRecord(machineId: string, call: CcuCall): UsageRecord | string {
  const { cache_write_tokens, at, line_uuid, ...rest } = call;
  const name = { machineId, source: 'claude', type: 'usage', at, discriminator: line_uuid };
  const record: UsageRecord = {
    v: RECORD_VERSION,
    id: makeRecordId(name),
    type: 'usage',
    source: 'claude',
    at,
    line_uuid,
    message_id: null,
    request_id: null,
    agent_id: null,
    is_sidechain: false,
    speed: null,
    cache_write_5m_tokens: cache_write_tokens,
    cache_write_1h_tokens: 0,
    // What ccu computed: prices it did not know were another model's.
    logged_cost_usd: null,
    ...rest,
  };
  const parsed = parseLine(JSON.stringify(record));
  if (parsed.kind === 'record') return parsed.record as UsageRecord;
  return parsed.kind === 'refused' ? parsed.reason : 'bad_field';
}

/** One response is several lines of a transcript, which say the same input and cache. */
function createRepeats(): { see(call: CcuCall): void; count(): number } {
  const last = new Map<string, string>();
  let repeated = 0;
  return {
    see(call) {
      const same = [
        call.model,
        call.input_tokens,
        call.cache_write_tokens,
        call.cache_read_tokens,
      ].join();
      if (last.get(call.session_id) === same) repeated++;
      last.set(call.session_id, same);
    },
    count: () => repeated,
  };
}

function warn({ tally }: MoveContext, repeated: number): void {
  const moved = tally.counts.inserted + tally.counts.duplicate + tally.counts.revised;
  if (moved > 0)
    tally.notes.add(
      'ccu kept no message ids, so these numbers count too much: one response is several lines of a ' +
        `transcript, and each line is counted. At least ${repeated} of ${moved} lines look like repeats.`,
    );
  tally.notes.add(
    'Where the transcripts are still there, take them instead: coffee-roadmap collect, then push, and ' +
      'then this. Sessions that the ledger has from transcripts are left to those.',
  );
}
