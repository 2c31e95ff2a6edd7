import type { Paths } from '../config/paths';
import { parseLine } from '../records/parse-line';
import type { PhrasesRecord, UsageRecord } from '../records/record';
import { readLines, stretchesAfter } from '../spool/read';
import { listSegments } from '../spool/segments';
import type { PhraseDay } from './days';

interface Message {
  day: string;
  patterns: string[];
}

const PHRASES = Buffer.from('"type":"phrases"');
const USAGE = Buffer.from('"type":"usage"');

export interface SpoolCounts {
  /** Oldest first; UTC. */
  days: PhraseDay[];
  /** The first records were pruned: the earliest of these days may lack messages. */
  pruned: boolean;
}

/**
 * What this machine has recorded, counted as the database counts it: each message once, on the day of its
 * first line, with the patterns of all its lines. Takes memory for each message, about 100 bytes.
 */
export function countSpool(paths: Paths): SpoolCounts {
  const messages = new Map<string, Message>();
  for (const line of readLines(stretchesAfter(paths))) {
    const head = line.subarray(0, 1024);
    if (!head.includes(PHRASES) && !head.includes(USAGE)) continue;
    const parsed = parseLine(line);
    if (parsed.kind !== 'record') continue;
    const { record } = parsed;
    if (record.type === 'phrases') note(messages, record, record.patterns);
    else if (record.type === 'usage') note(messages, record, []);
  }
  const first = listSegments(paths)[0]?.number ?? 1;
  return { days: daysOf(messages.values()), pruned: first > 1 };
}

function note(
  messages: Map<string, Message>,
  record: PhrasesRecord | UsageRecord,
  patterns: readonly string[],
): void {
  const key = record.message_id ?? `line:${record.line_uuid}`;
  const day = record.at.slice(0, 10);
  const known = messages.get(key);
  if (known === undefined) {
    messages.set(key, { day, patterns: patterns.length === 0 ? NONE : [...patterns] });
    return;
  }
  if (day < known.day) known.day = day;
  const fresh = patterns.filter((name) => !known.patterns.includes(name));
  if (fresh.length > 0) known.patterns = [...known.patterns, ...fresh];
}

const NONE: string[] = [];

function daysOf(messages: Iterable<Message>): PhraseDay[] {
  const days = new Map<string, PhraseDay>();
  for (const { day, patterns } of messages) {
    const entry: PhraseDay = days.get(day) ?? { day, total_messages: 0 };
    entry.total_messages += 1;
    for (const name of patterns) entry[name] = Number(entry[name] ?? 0) + 1;
    days.set(day, entry);
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}
