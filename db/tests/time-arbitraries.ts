import fc from 'fast-check';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import { RED_MACHINE, THIRD_MACHINE } from './reports';
import type { World } from './world';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
const START = Date.parse('2026-03-02T00:00:00.000Z');
export const MACHINES = [RED_MACHINE, THIRD_MACHINE];
const FOLDERS = ['/w/shop', '/w/shop/api', '/w/docs', null];
const REPOSITORIES = ['host/us/shop', 'host/us/docs', null];
export const SESSIONS = ['s-1', 's-2', 'agent-1', 'agent-2'];

interface Told {
  machineId: string;
  at: number;
  type: string;
  source: string;
  discriminator: string;
  session_id?: string;
}

/** A record with what is the same in all filled in. */
export const record = ({
  machineId,
  at,
  type,
  source,
  discriminator,
  ...fields
}: Told): MachineRecord => {
  const stamp = new Date(at).toISOString();
  const id = makeRecordId({ machineId, source, type, at: stamp, discriminator });
  return {
    ...{ v: 1, folder: null, session_id: null, ...fields, id, at: stamp, type, source },
  } as unknown as MachineRecord;
};

/** Six days of two machines. */
export const anyRecord = fc
  .record({
    kind: fc.constantFrom('pane', 'message', 'tool', 'began', 'idle', 'timer', 'log', 'commit'),
    machineId: fc.constantFrom(...MACHINES),
    // Six days in steps of a quarter of an hour; much happens around midnight.
    at: fc.oneof(
      fc.integer({ min: 0, max: 6 * 96 - 1 }),
      fc.integer({ min: -3, max: 3 }).map((step) => 96 * 3 + step),
    ),
    folder: fc.constantFrom(...FOLDERS),
    git_project: fc.constantFrom(...REPOSITORIES),
    session_id: fc.constantFrom(...SESSIONS),
    n: fc.nat(9),
  })
  .map(({ kind, machineId, at: step, folder, git_project, session_id, n }) => {
    const at = START + step * 15 * MINUTE;
    const base = { machineId, at, folder };
    const issue = `local:${n % 2}`;
    switch (kind) {
      case 'pane':
        return record({
          ...base,
          ...{ type: 'tmux_pane_focus', source: 'remote.tmux', discriminator: `%${n}` },
          ...{ pane_id: `%${n}`, git_project },
        });
      case 'message':
        return record({
          ...base,
          ...{ type: 'user_message', source: 'remote.agent', discriminator: `u${n}`, session_id },
        });
      case 'tool':
        return record({
          ...base,
          ...{ type: 'agent_tool_use', source: 'remote.agent', discriminator: `t${n}`, session_id },
          ...{ tool: 'Bash' },
        });
      case 'began': {
        const sub = session_id.startsWith('agent-');
        return record({
          ...base,
          ...{ type: 'agent_session', source: 'remote.agent', session_id },
          ...{ discriminator: `${session_id}:${n % 2 ? 'started' : 'ended'}` },
          ...{ action: n % 2 ? 'started' : 'ended', session_type: sub ? 'subagent' : 'user' },
          ...{ parent_session_id: sub ? (session_id === 'agent-2' ? 'agent-1' : 's-1') : null },
        });
      }
      case 'idle':
        return record({
          ...base,
          ...{ type: 'afk_change', source: 'local.afk', discriminator: 'idle' },
          ...{ status: 'idle', idle_duration_ms: n * HOUR },
        });
      case 'timer':
        return record({
          ...base,
          ...{ type: 'manual_timer', source: 'manual' },
          ...{ discriminator: `${n % 3 ? 'start' : 'stop'}:${issue}` },
          ...{ action: n % 3 ? 'start' : 'stop', issue },
        });
      case 'log':
        return record({
          ...base,
          ...{ type: 'manual_log', source: 'manual', discriminator: `l${n}`, issue },
          ...{ started_at: new Date(at - n * HOUR).toISOString(), duration_ms: (n + 1) * HOUR },
        });
      default:
        return record({
          ...base,
          ...{ type: 'git_commit', source: 'remote.git', discriminator: `c${n}`, git_project },
          ...{ commit: `c${n}`, actor: n % 2 ? 'person' : null },
        });
    }
  });

/** Nothing of ben's time is left. */
export async function forgetAll(world: World): Promise<void> {
  const { person } = world.ids.red;
  for (const table of [
    'time_intervals',
    'time_days',
    'stream_assignments',
    'stream_tags',
    'streams',
    'agent_sessions',
    'work_folders',
    'activity_events',
  ])
    await world.root(`delete from coffee.${table} where person_id = $1`, [person]);
}
