import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import type { MachineRecord } from '@coffee-roadmap/shared/records/record';
import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';

const START = Date.UTC(2025, 0, 1);
const DAY = 86_400_000;
const SESSIONS_A_DAY = 8;

/**
 * Days of one person at one machine as collectors hand them in: ten hours of panes, messages, and tools of
 * eight agent sessions a day, in eight folders; always the same.
 */
export function makeActivity(
  machineId: string,
  days: number,
  perDay: number,
  start = START,
): MachineRecord[] {
  const dice = throwDice(days * perDay);
  return Array.from({ length: days * perDay }, (_, n) => {
    const day = Math.floor(n / perDay);
    const at = new Date(start + day * DAY + 8 * 3_600_000 + dice.below(36_000_000)).toISOString();
    const number = dice.below(SESSIONS_A_DAY);
    const folder = `/home/ada/src/project-${number}`;
    const kind = dice.below(100);
    const base = { v: 1 as const, at, folder };
    const idOf = (source: string, type: string, discriminator: string): string =>
      makeRecordId({ machineId, source, type, at, discriminator });
    if (kind < 15) {
      const pane = `%${number}`;
      const [source, type] = ['remote.tmux', 'tmux_pane_focus'] as const;
      return {
        ...{ ...base, id: idOf(source, type, pane), source, type, session_id: null },
        ...{ pane_id: pane, tmux_session: 'main', window_index: number },
        git_project: `host/ada/project-${number}`,
      };
    }
    const session_id = `session-${day}-${number}`;
    const source = 'remote.agent';
    if (kind < 30) {
      const type = 'user_message';
      return { ...base, id: idOf(source, type, dice.uuid()), source, type, session_id };
    }
    const type = 'agent_tool_use';
    const id = idOf(source, type, `toolu_${dice.hex(24)}`);
    return { ...base, id, source, type, session_id, tool: dice.pick(['Bash', 'Edit', 'Read']) };
  });
}
