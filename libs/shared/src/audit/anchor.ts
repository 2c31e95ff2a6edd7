import { AppError } from '../errors';
import type { Seal } from './queries';

/** A seal as somebody kept it outside of the database. */
export interface AnchoredSeal {
  n: number;
  /** In hex. */
  hash: string;
}

/** One line, which may stand in a file, a commit or a message. */
export function anchorLine({ n, hash }: Pick<Seal, 'n' | 'hash'>, at: Date): string {
  return `seal ${n} ${hash} ${at.toISOString()}\n`;
}

/** Every seal that a text names, whatever stands around it. Throws `invalid_input` where it names none. */
export function parseAnchors(text: string): AnchoredSeal[] {
  const found = [...text.matchAll(/\bseal (\d{1,15}) ([0-9a-f]{64})\b/g)];
  if (found.length === 0) {
    throw new AppError('invalid_input', 'there is no anchor in it', {
      hint: 'An anchor is a line "seal NUMBER HASH"; audit anchor FILE writes one.',
    });
  }
  return found.map(([, n, hash]) => ({ n: Number(n), hash: hash! }));
}

/** As `anchorLine`, of an erasure: a restored backup is brought up to date by it. It names nobody. */
export function erasureLine({ person, at }: { person: string; at: Date }): string {
  return `erased ${person} ${at.toISOString()}\n`;
}

/** Every person whom a text says to be erased, once each. */
export function parseErasures(text: string): string[] {
  const found = text.matchAll(/\berased ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g);
  return [...new Set([...found].map(([, person]) => person!))];
}
