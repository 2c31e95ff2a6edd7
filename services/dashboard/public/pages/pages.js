import { analytics } from './analytics.js';
import { billing } from './billing.js';
import { item } from './item.js';
import { missing } from './missing.js';
import { now } from './now.js';
import { phrases } from './phrases.js';
import { roadmap } from './roadmap.js';
import { sessions } from './sessions.js';
import { time } from './time.js';
import { trace } from './trace.js';
import { traces } from './traces.js';
import { welcome } from './welcome.js';

const PAGES = [
  [/^\/(?:sign-in)?$/, now],
  [/^\/roadmap$/, roadmap],
  [/^\/items\/(?<id>\d+)$/, item],
  [/^\/traces\/(?<project>[0-9a-f-]{36})\/(?<id>[^/]+)$/, trace],
  [/^\/traces$/, traces],
  [/^\/analytics$/, analytics],
  [/^\/time$/, time],
  [/^\/phrases$/, phrases],
  [/^\/billing$/, billing],
  [/^\/sessions$/, sessions],
];

/** The page of an address; who is not signed in sees how to, and what is for everybody. */
export function findPage(path, me) {
  if (!me.signed_in) return { page: path === phrases.place ? phrases : welcome, params: {} };
  for (const [pattern, page] of PAGES) {
    const match = pattern.exec(path);
    if (match !== null) return { page, params: match.groups ?? {} };
  }
  return { page: missing, params: {} };
}
