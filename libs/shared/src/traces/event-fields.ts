/** How the fields of an event are read. What is there and cannot be kept is refused by name. */
import { cleanContent, cleanName, type TraceContent } from './content';

export class Refusal extends Error {}

/** Returns undefined for what is left out; throws a Refusal for what cannot be. */
export type Read = (value: unknown, name: string, content: TraceContent) => unknown;

const MOST_ID = 200;

/** Of ids nothing is cut: two would become one. */
export const id: Read = (value, name) => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text === '') throw new Refusal(`${name} has to be a text`);
  if (text.length > MOST_ID) throw new Refusal(`${name} has more than ${MOST_ID} characters`);
  if (/[\0\ud800-\udfff]/.test(text)) throw new Refusal(`${name} has characters that no text has`);
  return text;
};

export const text =
  (max: number): Read =>
  (value, name) => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string') throw new Refusal(`${name} has to be a text`);
    return cleanName(value, max);
  };

/** What says what went wrong may quote what was said. */
export const saying =
  (max: number): Read =>
  (value, name, content) =>
    content === 'none' ? undefined : cleanName(String(text(max)(value, name, content)), max);

export const json: Read = (value, _, content) => cleanContent(value, content);

export const flag: Read = (value, name) => {
  if (typeof value !== 'boolean') throw new Refusal(`${name} has to be true or false`);
  return value;
};

export const choice =
  (...choices: string[]): Read =>
  (value, name) => {
    if (typeof value === 'string' && choices.includes(value.toUpperCase())) {
      return value.toUpperCase();
    }
    throw new Refusal(`${name} has to be one of ${choices.join(', ')}`);
  };

export const tags: Read = (value, name) => {
  if (!Array.isArray(value)) throw new Refusal(`${name} has to be a list of texts`);
  const texts = value.slice(0, 50).filter((tag) => typeof tag === 'string' && tag !== '');
  return [...new Set(texts.map((tag: string) => cleanName(tag, 200)))];
};

const EARLIEST = Date.UTC(1970, 0);
const LATEST = Date.UTC(2100, 0);

/** ISO 8601 in, ISO 8601 in UTC out; microseconds are kept. */
export const time: Read = (value, name) => {
  const found =
    typeof value === 'string' || typeof value === 'number' ? new Date(value) : undefined;
  const ms = found?.getTime() ?? NaN;
  if (!(ms >= EARLIEST && ms < LATEST)) {
    throw new Refusal(`${name} is not a time between 1970 and 2100`);
  }
  const iso = found!.toISOString();
  if (value === iso) return iso;
  const fraction = /\.(\d{4,9})(?:Z|[+-]\d\d:?\d\d)$/.exec(String(value))?.[1];
  return fraction === undefined ? iso : `${iso.slice(0, 20)}${fraction.slice(0, 6)}Z`;
};

/** Score values: numbers, yes or no, or words of a category. */
export const scoreValue: Read = (value, name) => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') return cleanName(value, 500);
  throw new Refusal(`${name} has to be a number or a text`);
};
