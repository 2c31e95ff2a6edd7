/** Attributes of OTLP in plain values. What is malformed is left out: one bad attribute spoils no span. */
export type Attributes = Map<string, unknown>;

const MOST_ATTRIBUTES = 500;
const MOST_DEPTH = 12;

export function readAttributes(list: unknown): Attributes {
  const read: Attributes = new Map();
  if (!Array.isArray(list)) return read;
  for (const item of list.slice(0, MOST_ATTRIBUTES)) {
    const { key, value } = (item ?? {}) as { key?: unknown; value?: unknown };
    if (typeof key !== 'string' || key === '') continue;
    const plain = readValue(value, 0);
    if (plain !== undefined) read.set(key, plain);
  }
  return read;
}

interface AnyValue {
  stringValue?: unknown;
  boolValue?: unknown;
  intValue?: unknown;
  doubleValue?: unknown;
  bytesValue?: unknown;
  arrayValue?: { values?: unknown };
  kvlistValue?: { values?: unknown };
}

function readValue(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object' || depth > MOST_DEPTH) return undefined;
  const any = value as AnyValue;
  if (typeof any.stringValue === 'string') return any.stringValue;
  if (typeof any.boolValue === 'boolean') return any.boolValue;
  // 64 bits are a text in JSON.
  if (any.intValue !== undefined && any.intValue !== null) return numberOf(any.intValue);
  if (any.doubleValue !== undefined && any.doubleValue !== null) return numberOf(any.doubleValue);
  if (any.arrayValue) return listOf(any.arrayValue.values).map((one) => readValue(one, depth + 1));
  if (any.kvlistValue) {
    const pairs = listOf(any.kvlistValue.values) as { key?: unknown; value?: unknown }[];
    return Object.fromEntries(
      pairs.map((pair) => [String(pair?.key), readValue(pair?.value, depth + 1)]),
    );
  }
  return undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What an SDK wrote as JSON into a text comes out as it was; any other text stays. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** {a: 1, b: 2} of prefix.a and prefix.b; undefined without any. */
export function grouped(attributes: Attributes, prefix: string): object | undefined {
  const found = [...attributes].filter(([name]) => name.startsWith(prefix));
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    found.map(([name, value]) => [name.slice(prefix.length), parsed(value)]),
  );
}

/** The first of these attributes that is there. */
export function first(attributes: Attributes, ...names: string[]): unknown {
  return names.map((name) => attributes.get(name)).find((value) => value !== undefined);
}

/** The first of these that is a word or a number: a list is nobody's name. */
export function word(attributes: Attributes, ...names: string[]): unknown {
  return names
    .map((name) => attributes.get(name))
    .find((value) => typeof value === 'string' || typeof value === 'number');
}
