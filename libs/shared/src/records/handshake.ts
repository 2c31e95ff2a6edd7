import { MACHINE_ID } from './record-id';

/** Of the conversation itself; records have a version of their own. */
export const PROTOCOL = 1;

/** The first thing that a machine says which is asked for its records: who it is, and what it speaks. */
export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  /** Of the record format, the highest that it writes. */
  readonly v: number;
  readonly program: string;
  readonly program_version: string;
  readonly machine_id: string;
  readonly label: string;
}

/** What the receiver says then. Behind it the export follows, whole, packed as asked. */
export interface PullRequest {
  readonly type: 'pull';
  /** The id of the last record that it has; null: none. */
  readonly after: string | null;
  readonly encoding: 'gzip' | 'identity';
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length <= most;

/** Undefined for what is no hello, of whatever version. */
export function parseHello(line: string): Hello | undefined {
  const value = parseObject(line);
  if (value?.type !== 'hello') return undefined;
  const { protocol, v, program, program_version, machine_id, label } = value;
  if (!Number.isSafeInteger(protocol) || !Number.isSafeInteger(v)) return undefined;
  if (!isText(program, 64) || !isText(program_version, 64) || !isText(label, 200)) return undefined;
  if (!isText(machine_id, 36) || !MACHINE_ID.test(machine_id)) return undefined;
  return {
    type: 'hello',
    protocol: Number(protocol),
    v: Number(v),
    program,
    program_version,
    machine_id,
    label,
  };
}

/** Undefined for what is none. */
export function parsePullRequest(line: string): PullRequest | undefined {
  const value = parseObject(line);
  if (value?.type !== 'pull') return undefined;
  const { after, encoding } = value;
  if (after !== null && !isText(after, 600)) return undefined;
  if (encoding !== 'gzip' && encoding !== 'identity') return undefined;
  return { type: 'pull', after, encoding };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
