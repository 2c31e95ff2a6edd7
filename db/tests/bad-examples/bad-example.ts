import type { World } from '../world';

/** Something that a lint has to notice. */
export interface BadExample {
  lint: string;
  what: string;
  sql: (world: World) => string;
  finds: RegExp;
}

export const bad = (
  lint: string,
  what: string,
  sql: string | BadExample['sql'],
  finds: RegExp,
): BadExample => ({
  lint,
  what,
  sql: typeof sql === 'string' ? () => sql : sql,
  finds,
});
