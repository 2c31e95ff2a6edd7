/** Text of an agent, made fit to be stored: bounded, without NUL, without halves of characters. */

/** At most `max` UTF-16 units, the last of them an ellipsis where something was left out. */
export function cleanText(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max - 1)}…` : text;
  // Postgres stores neither NUL nor a lone surrogate; the way through bytes replaces the latter.
  return Buffer.from(cut.replaceAll('\0', ''), 'utf8').toString('utf8');
}

/** One line, for lists. */
export function cleanLine(text: string, max = 200): string {
  return cleanText(text.replace(/\s+/g, ' ').trim(), max);
}

const MAX_DETAIL = 8_192;

/** JSON of at most 8 KiB; a longer one becomes `{ cut: … }` with its beginning. */
export function cleanDetail(detail: unknown): unknown {
  if (detail === undefined) return undefined;
  const json = JSON.stringify(detail, (_, value: unknown) =>
    typeof value === 'string' ? cleanText(value, MAX_DETAIL) : value,
  );
  return json.length <= MAX_DETAIL ? JSON.parse(json) : { cut: cleanText(json, MAX_DETAIL) };
}
