import type { ClientBase } from 'pg';

/** Our function's name with its schema → the tables that it writes, itself or through what it calls. */
export type FunctionWrites = Map<string, Set<string>>;

interface Body {
  name: string;
  definition: string;
}

const OURS = '(?:coffee|daemon|audit|analytics|priv)';
const WRITES = new RegExp(
  `\\b(?:insert\\s+into|update|delete\\s+from|merge\\s+into|truncate(?:\\s+table)?)\\s+(?:only\\s+)?(${OURS}\\.\\w+)`,
  'gi',
);
const CALLS = new RegExp(`\\b(${OURS}\\.\\w+)\\s*\\(`, 'gi');

/**
 * Reads the bodies of our functions. Where EXECUTE writes to a table whose name format() fills in, the
 * table is missed: so with an erasure, and with what takes a move-in back, each of which has tests of its
 * own that look at every table.
 */
export async function readFunctionWrites(client: ClientBase): Promise<FunctionWrites> {
  const { rows } = await client.query<Body>(
    `select n.nspname || '.' || p.proname as name, pg_catalog.pg_get_functiondef(p.oid) as definition
     from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('coffee', 'daemon', 'audit', 'analytics', 'priv') and p.prokind in ('f', 'p')`,
  );
  const writes: FunctionWrites = new Map();
  const calls = new Map<string, Set<string>>();
  for (const { name, definition } of rows) {
    const body = definition.slice(definition.indexOf('$')).replace(/--.*$/gm, '');
    add(writes, name, matches(body, WRITES));
    add(calls, name, matches(body, CALLS));
  }
  followCalls(writes, calls);
  return writes;
}

/** Adds what is called, until nothing is added any more: functions may call each other. */
function followCalls(writes: FunctionWrites, calls: Map<string, Set<string>>): void {
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, called] of calls) {
      const own = writes.get(name)!;
      const before = own.size;
      for (const other of called) for (const table of writes.get(other) ?? []) own.add(table);
      grown ||= own.size > before;
    }
  }
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1]!.toLowerCase());
}

function add(map: Map<string, Set<string>>, key: string, values: string[]): void {
  const known = map.get(key) ?? new Set();
  for (const value of values) known.add(value);
  map.set(key, known);
}
