/** What an id says: `{machine uuid}:{source}:{type}:{timestamp}:{discriminator}`. */
export interface RecordId {
  machineId: string;
  source: string;
  type: string;
  /** UTC with milliseconds and a Z. */
  at: string;
  discriminator: string;
}

export const MACHINE_ID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const REST =
  /^:([a-z]+(?:\.[a-z]+)?):([a-z_]{1,40}):(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z):([\x21-\x7e]{1,450})$/;
const UUID_LENGTH = 36;

export function makeRecordId(id: RecordId): string {
  return `${id.machineId}:${id.source}:${id.type}:${id.at}:${id.discriminator}`;
}

/** Undefined for a text that is no id. */
export function parseRecordId(text: string): RecordId | undefined {
  const machineId = text.slice(0, UUID_LENGTH);
  const [, source, type, at, discriminator] = REST.exec(text.slice(UUID_LENGTH)) ?? [];
  if (!MACHINE_ID.test(machineId) || at === undefined || !isInstant(at)) return undefined;
  return { machineId, source: source!, type: type!, at, discriminator: discriminator! };
}

/** Whether it is a moment that exists, written as records write it: February has no 30th. */
export function isInstant(text: string): boolean {
  if (text.length !== 24) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}
