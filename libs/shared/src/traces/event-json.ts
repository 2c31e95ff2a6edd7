/** What JSON may hold and Postgres refuses: NUL, and half of a surrogate pair. */
const REFUSED = /[\0\p{Surrogate}]/gu;

/** JSON text of a batch that Postgres takes. */
export function eventsToJson(events: readonly unknown[]): string {
  return JSON.stringify(events, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(REFUSED, '\uFFFD') : value,
  );
}
