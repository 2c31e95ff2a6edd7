import type { Client } from 'pg';
import { usageColumns } from '@coffee-roadmap/shared/imports/usage-columns';
import type { ImportCounts } from '@coffee-roadmap/shared/imports/import-counts';
import type {
  MachineRecord,
  MessageTextRecord,
  UsageRecord,
} from '@coffee-roadmap/shared/records/record';
import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import { AT, USAGE } from '@coffee-roadmap/shared/records/testing/usage-record';
import { valueOf } from './refusal';

/** Machines, one each for the red team's ben, the blue team's carla, and one more. */
export const RED_MACHINE = '11111111-1111-4111-8111-111111111111';
export const BLUE_MACHINE = '22222222-2222-4222-8222-222222222222';
export const THIRD_MACHINE = '33333333-3333-4333-8333-333333333333';
export { AT };

export function usage(change: Partial<UsageRecord> = {}, machineId = RED_MACHINE): UsageRecord {
  const record: UsageRecord = {
    ...USAGE,
    input_tokens: 10,
    output_tokens: 20,
    cache_read_tokens: 30,
    cache_write_5m_tokens: 40,
    cache_write_1h_tokens: 50,
    logged_cost_usd: null,
    ...change,
  };
  const { message_id, request_id, line_uuid, at } = record;
  const discriminator = message_id === null ? line_uuid! : `${message_id}/${request_id ?? ''}`;
  return {
    ...record,
    id: makeRecordId({ machineId, source: 'claude', type: 'usage', at, discriminator }),
  };
}

export function phrases(
  patterns: string[],
  message = 'msg_1',
  at = AT,
  machineId = RED_MACHINE,
): MachineRecord {
  const id = makeRecordId({
    machineId,
    source: 'claude',
    type: 'phrases',
    at,
    discriminator: message,
  });
  return {
    v: 1,
    id,
    at,
    type: 'phrases',
    source: 'claude',
    message_id: message,
    line_uuid: null,
    session_id: 's-1',
    patterns,
  };
}

export function userMessage(
  uuid: string,
  folder: string | null = '/home/ada/src',
  at = AT,
  machineId = RED_MACHINE,
): MachineRecord {
  const id = makeRecordId({
    machineId,
    source: 'remote.agent',
    type: 'user_message',
    at,
    discriminator: uuid,
  });
  return { v: 1, id, at, type: 'user_message', source: 'remote.agent', session_id: 's-1', folder };
}

export function session(
  action: 'started' | 'ended',
  at = AT,
  machineId = RED_MACHINE,
): MachineRecord {
  const id = makeRecordId({
    machineId,
    source: 'remote.agent',
    type: 'agent_session',
    at,
    discriminator: `s-1:${action}`,
  });
  return {
    v: 1,
    id,
    at,
    type: 'agent_session',
    source: 'remote.agent',
    session_id: 's-1',
    folder: '/home/ada/src',
    action,
    session_type: 'user',
    parent_session_id: null,
    git_branch: 'main',
  };
}

export function paneFocus(pane: string, at = AT, machineId = RED_MACHINE): MachineRecord {
  const id = makeRecordId({
    machineId,
    source: 'remote.tmux',
    type: 'tmux_pane_focus',
    at,
    discriminator: pane,
  });
  return {
    v: 1,
    id,
    at,
    type: 'tmux_pane_focus',
    source: 'remote.tmux',
    session_id: null,
    folder: '/home/ada/src/shop',
    pane_id: pane,
    tmux_session: 'main',
    window_index: 0,
    git_project: 'host/ada/shop',
  };
}

export function messageText(
  uuid: string,
  text: string,
  {
    at = AT,
    machineId = RED_MACHINE,
    ...rest
  }: Partial<MessageTextRecord> & { machineId?: string } = {},
): MessageTextRecord {
  const [source, type] = ['claude', 'message_text'] as const;
  const id = makeRecordId({ machineId, source, type, at, discriminator: uuid });
  const about = { role: 'user', message_id: null, session_id: 's-1', line_uuid: uuid } as const;
  return { v: 1, id, at, type, source, ...about, text, ...rest };
}

export interface Handing {
  token?: string;
  machineId?: string;
  about?: object;
}

/** The import's call with its parameters, for a client that speaks SQL by itself. */
export function importCall(
  records: readonly MachineRecord[],
  handing: Handing = {},
): [string, unknown[]] {
  const columns = usageColumns(records.filter((r): r is UsageRecord => r.type === 'usage'));
  const others = records.filter((r) => r.type !== 'usage');
  const given = columns.map(({ name, type }, i) => `${name} => $${i + 5}::${type}[]`);
  return [
    `select coffee.import_records(p_token => $1, p_machine => $2, p_about => $3, p_others => $4, ${given.join(', ')})`,
    [
      handing.token ?? null,
      handing.machineId ?? RED_MACHINE,
      JSON.stringify({ road: 'direct', label: 'devbox', ...handing.about }),
      JSON.stringify(others),
      ...columns.map(({ values }) => values),
    ],
  ];
}

export function importRecords(
  client: Client,
  records: readonly MachineRecord[],
  handing?: Handing,
): Promise<ImportCounts> {
  return valueOf(client, ...importCall(records, handing));
}
