import { maskPrivate } from './mask-private';
import { maskSecrets, namesSecret } from './mask-secrets';

/**
 * How much is kept of what was said to a model and by it. `full`: all but secrets; `masked`: shortened,
 * without secrets, addresses and names; `none`: nothing, only what it took and cost.
 */
export type TraceContent = 'full' | 'masked' | 'none';

export const TRACE_CONTENTS: TraceContent[] = ['full', 'masked', 'none'];

export function isTraceContent(text: string): text is TraceContent {
  return TRACE_CONTENTS.some((content) => content === text);
}

/** Deeper than this nobody looks, and the database's own JSON parser has a limit of its own. */
const MOST_DEPTH = 32;
/** Characters of one text, and of all texts of one value. */
const MOST_TEXT = 200_000;
const MOST_VALUE = 400_000;
const MOST_NODES = 20_000;
const MOST_KEY = 200;

/** JSON fit for jsonb and for people: bounded, without NUL, halves of characters or secrets. */
export function cleanContent(value: unknown, content: TraceContent): unknown {
  if (content === 'none') return undefined;
  const left = { text: MOST_VALUE, nodes: MOST_NODES };
  return clean(value, content, left, 0, '');
}

/** A text of one line or more that is always kept: a name, a tag, a version. */
export function cleanName(text: string, max: number): string {
  return cut(maskSecrets(wellFormed(text.slice(0, max + 1_000))), max);
}

interface Left {
  text: number;
  nodes: number;
}

function clean(
  value: unknown,
  content: TraceContent,
  left: Left,
  depth: number,
  name: string,
): unknown {
  left.nodes -= 1;
  if (left.nodes < 0) return '[left out]';
  if (typeof value === 'string') return cleanText(value, content, left, name);
  // Minus nothing is nothing in JSON.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'boolean' || value == null) return value ?? null;
  if (typeof value !== 'object') return null;
  if (depth >= MOST_DEPTH) return '[left out: too deep]';
  if (Array.isArray(value)) {
    const kept = value.slice(0, left.nodes + 1);
    return kept.map((item) => clean(item, content, left, depth + 1, name));
  }
  const entries = Object.entries(value).slice(0, left.nodes + 1);
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const kept = cleanName(key, MOST_KEY);
      return [kept, clean(item, content, left, depth + 1, kept)];
    }),
  );
}

function cleanText(text: string, content: TraceContent, left: Left, name: string): string {
  if (text.length >= 6 && namesSecret(name)) return '[masked secret]';
  const max = Math.max(Math.min(MOST_TEXT, left.text), 0);
  // Cut after masking: a cut through a key would leave its beginning.
  const bounded = withoutFiles(wellFormed(text.slice(0, max + 10_000)));
  const masked = maskSecrets(bounded);
  const kept = cut(content === 'masked' ? maskPrivate(masked) : masked, max);
  left.text -= kept.length;
  return kept;
}

/** Pictures and the like, which the SDKs put into texts. */
function withoutFiles(text: string): string {
  if (!text.includes('base64,')) return text;
  return text.replace(
    /data:([\w.+/-]{0,80})(?:;[\w.=+-]{1,40}){0,4};base64,[A-Za-z0-9+/=\s]{64,}/g,
    (whole, type: string) => `[${type || 'file'}, ${whole.length} characters]`,
  );
}

function cut(text: string, max: number): string {
  return text.length > max ? wellFormed(`${text.slice(0, max)}…`) : text;
}

/** Postgres stores neither NUL nor a lone surrogate. */
function wellFormed(text: string): string {
  const whole = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return /[\ud800-\udfff]/.test(whole) ? Buffer.from(whole, 'utf8').toString('utf8') : whole;
}
