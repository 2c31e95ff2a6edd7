import { AppError } from '../../errors';

/** What a person, or an agent that they asked, says of events; streams by name. */
export interface Classification {
  readonly streams: readonly { name: string; tags: readonly string[] }[];
  readonly sessions: readonly { session: string; stream: string }[];
  readonly patterns: readonly { like: string; from?: Date; to?: Date; stream: string }[];
  readonly events: readonly { ids: readonly string[]; stream: string }[];
  readonly times: readonly { from: Date; to: Date; stream: string }[];
}

type Fields = Record<string, unknown>;
const LISTS = [
  'streams',
  'assign_by_session',
  'assign_by_pattern',
  'assign_by_event_ids',
  'assign_by_time',
];

/** `{streams: [{name, tags}], assign_by_session: [{session_id, stream}], …}`; throws `invalid_input`. */
export function parseClassification(text: string): Classification {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('it is no JSON object');
  const given = value as Fields;
  const unknown = Object.keys(given).find((name) => !LISTS.includes(name));
  if (unknown !== undefined) throw wrong(`"${unknown}" is unknown`);
  const list = <T>(name: string, read: (item: Fields, where: string) => T): T[] => {
    const found = given[name] ?? [];
    if (!Array.isArray(found)) throw wrong(`${name} is no list`);
    return found.map((item: unknown, i) => {
      if (typeof item !== 'object' || item === null) throw wrong(`${name}[${i}] is no object`);
      return read(item as Fields, `${name}[${i}]`);
    });
  };
  return {
    streams: list('streams', (item, where) => ({
      name: textOf(item, 'name', where),
      tags: item.tags === undefined ? [] : textsOf(item, 'tags', where),
    })),
    sessions: list('assign_by_session', (item, where) => ({
      session: textOf(item, 'session_id', where),
      stream: textOf(item, 'stream', where),
    })),
    patterns: list('assign_by_pattern', (item, where) => ({
      like: textOf(item, 'cwd_like', where),
      ...(item.start === undefined ? {} : { from: momentOf(item, 'start', where) }),
      ...(item.end === undefined ? {} : { to: momentOf(item, 'end', where) }),
      stream: textOf(item, 'stream', where),
    })),
    events: list('assign_by_event_ids', (item, where) => ({
      ids: textsOf(item, 'event_ids', where),
      stream: textOf(item, 'stream', where),
    })),
    times: list('assign_by_time', (item, where) => ({
      from: momentOf(item, 'start', where),
      to: momentOf(item, 'end', where),
      stream: textOf(item, 'stream', where),
    })),
  };
}

function textOf(item: Fields, name: string, where: string): string {
  const value = item[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw wrong(`${where}.${name} is no text`);
}

function textsOf(item: Fields, name: string, where: string): string[] {
  const value = item[name];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value as string[];
  throw wrong(`${where}.${name} is no list of texts`);
}

function momentOf(item: Fields, name: string, where: string): Date {
  const at = Date.parse(textOf(item, name, where));
  if (Number.isNaN(at)) throw wrong(`${where}.${name} is no moment`);
  return new Date(at);
}

function wrong(what: string): AppError {
  return new AppError('invalid_input', `that classification cannot be applied: ${what}`, {
    hint: 'docs/time.md shows one.',
  });
}
