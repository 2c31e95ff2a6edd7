/** What JSON may hold and Postgres refuses: NUL, and half of a surrogate pair. */
const REFUSED = /[\0\p{Surrogate}]/gu;

/** One of them written out, or what looks like it: hardly any batch has one. */
const ESCAPED = /\\u(?:0000|d[89a-f])/;

/** JSON text of a batch that Postgres takes. */
export function eventsToJson(events: readonly unknown[]): string {
  const json = JSON.stringify(events);
  if (!ESCAPED.test(json)) return json;
  return JSON.stringify(events, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(REFUSED, '\uFFFD') : value,
  );
}
