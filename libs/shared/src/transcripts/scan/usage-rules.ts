import { ascii, isAt } from './json-bytes';
import { F, N, type FieldName, type LineFields } from './line-fields';

const FAST = ascii('fast');
const STANDARD = ascii('standard');
const NEVER_NULL: readonly FieldName[] = [
  F.messageId,
  F.model,
  F.speed,
  F.cost,
  F.version,
  F.cwd,
  F.session,
  F.request,
];
const NEVER_EMPTY: readonly FieldName[] = [F.messageId, F.model, F.session, F.request];

/** Whether a line's usage counts, by the rules that ccusage has: what is odd is left out whole. */
export function isValidUsage(b: Buffer, f: LineFields): boolean {
  if (f.broken) return false;
  for (const field of NEVER_NULL) if (f.at[field]! < 0) return false;
  for (const field of NEVER_EMPTY)
    if (f.at[field]! > 0 && f.at[field] === f.to[field]) return false;
  if (f.numbers[N.input]! < 0 || f.numbers[N.output]! < 0) return false;
  for (let i = 0; i < f.numbers.length; i += 1) if (f.numbers[i] === -2) return false;
  if (f.has(F.version) && !isSemver(b, f.at[F.version]!, f.to[F.version]!)) return false;
  return !f.has(F.speed) || isFast(b, f) || isStandard(b, f);
}

export function isFast(b: Buffer, f: LineFields): boolean {
  return f.to[F.speed]! - f.at[F.speed]! === 4 && isAt(b, f.at[F.speed]!, FAST);
}

function isStandard(b: Buffer, f: LineFields): boolean {
  return f.to[F.speed]! - f.at[F.speed]! === 8 && isAt(b, f.at[F.speed]!, STANDARD);
}

/** Three numbers with points between, whatever follows. */
function isSemver(b: Buffer, from: number, to: number): boolean {
  let p = from;
  for (let part = 0; part < 3; part += 1) {
    const start = p;
    while (p < to && b[p]! >= 48 && b[p]! <= 57) p += 1;
    if (p === start) return false;
    if (part < 2 && (p >= to || b[p] !== 46)) return false;
    p += 1;
  }
  return true;
}

const known = (value: number): number => (value < 0 ? 0 : value);

/** Tokens written to the cache for 5 minutes; a log that does not say how long means these. */
export function cache5m(f: LineFields): number {
  return known(f.numbers[f.hasSplit ? N.cache5m : N.flatCache]!);
}

export function cache1h(f: LineFields): number {
  return f.hasSplit ? known(f.numbers[N.cache1h]!) : 0;
}

export function cacheRead(f: LineFields): number {
  return known(f.numbers[N.cacheRead]!);
}

export function totalTokens(f: LineFields): number {
  return f.numbers[N.input]! + f.numbers[N.output]! + cacheRead(f) + cache5m(f) + cache1h(f);
}
