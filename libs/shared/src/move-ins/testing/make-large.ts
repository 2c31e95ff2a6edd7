import path from 'node:path';
import { throwDice, type Dice } from '../../transcripts/testing/dice';
import { makeSqlite } from './make-sqlite';
import { CCU, ccuRow, COFFEE_MAKER, COFFEE_MAKER_LLM, TT_8, ttEvent } from './schemas';

type Row = Record<string, unknown>;

/** What an older system of a year and some has in its files, as many rows as wanted. */
export interface LargeSource {
  /** Rows in all. */
  rows: number;
  /**
   * As its files were at first: the same rows as far as they go, but for those that were changed since.
   */
  earlier?: boolean;
}

const START = Date.UTC(2025, 0, 6, 8);
const MODELS = ['claude-sonnet-4-20250514', 'claude-opus-4-20250514', 'gpt-4o-mini'];
const A_SESSION = 50;
/** One in so many rows was changed since. */
const CHANGED = 20;
const LAPTOP = 'a1b2c3d4-e5f6-4890-abcd-ef1234567890';
const DEVBOX = 'b1b2c3d4-e5f6-4890-abcd-ef1234567890';

/** Half a minute a row. */
const at = (n: number): string => new Date(START + n * 30_000).toISOString();
/** Without a zone, as coffee_maker wrote UTC. */
const naive = (n: number): string => at(n).slice(0, -1).replace('T', ' ');

function* count(rows: number, row: (n: number) => Row): Generator<Row> {
  for (let n = 0; n < rows; n += 1) yield row(n);
}

/** Calls of one machine, in sessions; of some the last line said more. Returns the file. */
export function makeLargeCcu(folder: string, { rows, earlier = false }: LargeSource): string {
  const file = path.join(folder, 'usage_history_DESK.db');
  const dice = throwDice(1);
  makeSqlite(file, CCU, {
    usage_records: count(rows, (n) => {
      const [input, output] = [dice.below(200), 10 + dice.below(2000)];
      return ccuRow(n, {
        timestamp: at(n),
        session_id: `session-${Math.floor(n / A_SESSION)}`,
        folder: `/home/ada/src/project-${Math.floor(n / A_SESSION) % 12}`,
        model: MODELS[n % 2],
        machine_name: 'DESK',
        input_tokens: input,
        output_tokens: earlier && n % CHANGED === 0 ? 1 : output,
        cache_read_tokens: dice.below(100_000),
      });
    }),
  });
  return file;
}

/** Events of two machines in panes and sessions, most of them in streams. Returns the folder. */
export function makeLargeTt(folder: string, { rows, earlier = false }: LargeSource): string {
  const streams = Array.from({ length: 24 }, (_, n) => `stream-${n}`);
  makeSqlite(path.join(folder, 'tt.db'), TT_8, {
    schema_info: [{ version: 8 }],
    streams: streams.map((id) => ({ id, name: id, created_at: at(0), updated_at: at(0) })),
    stream_tags: streams.map((stream_id, n) => ({ stream_id, tag: `client-${n % 5}` })),
    machines: [
      { machine_id: LAPTOP, label: 'laptop' },
      { machine_id: DEVBOX, label: 'devbox' },
    ],
    events: count(rows, (n) => ttRow(n, earlier, streams)),
  });
  return folder;
}

function ttRow(n: number, earlier: boolean, streams: readonly string[]): Row {
  const part = Math.floor(n / A_SESSION);
  const machine = part % 3 === 0 ? LAPTOP : DEVBOX;
  const session_id = `session-${part}`;
  const about = {
    machine_id: machine,
    cwd: `/home/ada/src/project-${part % 12}`,
    // Of the beginnings some were put into a stream later.
    stream_id:
      n % 7 === 0 || (earlier && n % CHANGED === 0) ? null : streams[part % streams.length],
  };
  const within = n % A_SESSION;
  if (within === 0 || within === A_SESSION - 1) {
    const action = within === 0 ? 'started' : 'ended';
    const more = { ...about, session_id, action };
    return ttEvent(machine, 'agent_session', at(n), `${session_id}:${action}`, more);
  }
  if (n % 4 === 0) return ttEvent(machine, 'tmux_pane_focus', at(n), `%${n % 9}`, about);
  if (n % 4 === 1)
    return ttEvent(machine, 'user_message', at(n), `message-${n}`, { ...about, session_id });
  return ttEvent(machine, 'agent_tool_use', at(n), `toolu-${n}`, { ...about, session_id });
}

/**
 * Traces of both schemas with their generations, spans and events, notifications and a roadmap, in the
 * folder's `data`. Returns the folder.
 */
export function makeLargeCoffeeMaker(
  folder: string,
  { rows, earlier = false }: LargeSource,
): string {
  const of = (share: number): number => Math.floor(rows * share);
  // Each table throws its own dice: how long another is changes nothing.
  const [byTrace, byCall, byEvent, byQuestion] = [2, 3, 4, 5].map((seed) => throwDice(seed)) as [
    Dice,
    Dice,
    Dice,
    Dice,
  ];
  const trace = (n: number): Row => {
    const done = earlier && n % CHANGED === 0 ? {} : { output: 'done', updated_at: naive(n + 5) };
    const said = { tags: '["daemon"]', input: words(byTrace), session_id: `session-${n % 900}` };
    return { id: `trace-${n}`, name: 'implement', created_at: naive(n * 10), ...said, ...done };
  };
  makeSqlite(path.join(folder, 'langfuse_traces.db'), COFFEE_MAKER, {
    traces: count(of(0.1), trace),
    generations: count(of(0.4), (n) => ({
      ...{ id: `generation-${n}`, trace_id: `trace-${Math.floor(n / 4)}`, name: 'claude' },
      ...{ model: byCall.pick(MODELS), created_at: naive(n), latency_ms: byCall.below(20_000) },
      ...{ input_tokens: byCall.below(9000), output_tokens: byCall.below(900) },
      ...{ total_cost: byCall.below(90_000) / 1e6, input: words(byCall), output: words(byCall) },
      metadata: `{"priority": "${n % 200}"}`,
    })),
    spans: count(of(0.2), (n) => ({
      ...{ id: `span-${n}`, trace_id: `trace-${Math.floor(n / 2)}`, name: 'git commit' },
      ...{ start_time: naive(n * 2), end_time: naive(n * 2 + 1), metadata: `{"n": ${n}}` },
    })),
  });
  makeSqlite(path.join(folder, 'analytics.db'), COFFEE_MAKER_LLM, {
    llm_events: count(of(0.2), (n) => ({
      ...{ id: hex(n), trace_id: hex(Math.floor(n / 2)), created_at: naive(n * 2) },
      ...{ event_name: 'rate_limit', event_type: 'wait', estimated_tokens: byEvent.below(9000) },
    })),
  });
  makeSqlite(path.join(folder, 'notifications.db'), COFFEE_MAKER, {
    notifications: count(of(0.1), (n) => ({
      ...{ type: n % 3 === 0 ? 'question' : 'info', title: `Implement ${n}?`, status: 'pending' },
      ...{ message: words(byQuestion), context: `{"priority": "${n % 200}"}` },
      ...(earlier && n % CHANGED === 0 ? {} : { user_response: 'approve', status: 'responded' }),
      ...{ created_at: naive(n * 10), updated_at: naive(n * 10 + 1) },
    })),
  });
  return folder;
}

const hex = (n: number): string => n.toString(16).padStart(32, '0');

const WORDS = ['branch', 'tests', 'coffee', 'roadmap', 'commit', 'review', 'merge', 'question'];
const words = (dice: Dice): string => Array.from({ length: 24 }, () => dice.pick(WORDS)).join(' ');
