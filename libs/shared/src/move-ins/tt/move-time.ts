import { importBatch, MOST_RECORDS } from '../../imports/queries';
import type { ActivityRecord } from '../../records/record';
import type { MoveContext } from '../kinds';
import { listToldSessions } from '../queries';
import { createMachineFinder, type FoundMachine } from './machine-of';
import { moveStreams } from './move-streams';
import { openTt, type TtSource } from './open-source';
import { toRecord, UNKNOWN_TOOL, type TtEvent } from './tt-event';

/** Events, sessions, and the streams that they were put in. */
export async function moveTt(context: MoveContext): Promise<void> {
  const source = openTt(context.path);
  try {
    const machineOf = await createMachineFinder(context, source);
    await moveEvents(context, source, machineOf);
    await moveStreams(context, source, machineOf);
  } finally {
    source.close();
  }
  if (context.tally.read > 0)
    context.tally.notes.add(
      'Time is not taken over but computed from the events, as report does for all others. Prompts, ' +
        'summaries and titles of windows stay where they are.',
    );
}

async function moveEvents(
  { session, tally, signal, onProgress }: MoveContext,
  source: TtSource,
  machineOf: (id: string | null) => Promise<FoundMachine>,
): Promise<void> {
  const told = await listToldSessions(session, UNKNOWN_TOOL);
  const waiting = new Map<string, { label: string | undefined; records: ActivityRecord[] }>();
  const hand = async (machineId: string): Promise<void> => {
    const { label, records } = waiting.get(machineId)!;
    waiting.delete(machineId);
    tally.add(await importBatch({ session }, { machineId, label, road: 'move-in', records }));
  };
  for (const found of source.rows()) {
    signal?.throwIfAborted();
    tally.read++;
    onProgress?.(tally.read);
    if ('reason' in found) {
      tally.refuse(found.row, found.reason);
      continue;
    }
    const { event, row } = found;
    tally.sum(event.type, 1);
    if (event.sessionId !== null && isTold(event, told, source.namedSessions)) {
      tally.refuse(row, 'transcribed');
      continue;
    }
    const { id: machineId, label } = await machineOf(event.machine);
    const record = toRecord(event, machineId);
    if (typeof record === 'string') {
      tally.refuse(row, record);
      continue;
    }
    const batch = waiting.get(machineId) ?? { label, records: [] };
    batch.records.push(record);
    waiting.set(machineId, batch);
    if (batch.records.length === MOST_RECORDS) await hand(machineId);
  }
  for (const machineId of [...waiting.keys()]) await hand(machineId);
}

/**
 * Whether the same messages and tools are there under other ids: from the transcript, or, of those that an
 * older tt had indexed for itself, from the machine that they were on.
 */
function isTold(event: TtEvent, told: Set<string>, named: ReadonlySet<string>): boolean {
  if (told.has(event.sessionId!)) return true;
  const counted = event.type === 'user_message' || event.type === 'agent_tool_use';
  return counted && !event.named && named.has(event.sessionId!);
}
