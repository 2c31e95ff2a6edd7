import { isAppError } from '@coffee-roadmap/shared/errors';
import { Refusal } from '@coffee-roadmap/shared/traces/event-fields';
import { writeSync } from 'node:fs';
import { MOVE_IN_READERS } from './move-in-readers';
import { mutate } from './mutate';
import type { Reader } from './reader';
import { READERS } from './readers';

/** Before each round, so that the last one names what never ended; and what a reader got wrong. */
export type Said = { begun: string; seed: number } | { reader: string; failure: string };

const say = (line: Said): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** Not undefined, not an empty list, not a refusal. */
function isMuch(found: unknown): boolean {
  if (Array.isArray(found)) return found.some((one) => one !== undefined);
  return found !== undefined && (found as { kind?: unknown }).kind !== 'refused';
}

async function failureOf([name, given, read]: Reader): Promise<string | null> {
  let reads = false;
  for (const sample of given) reads = isMuch(await read(sample)) || reads;
  if (!reads) return 'reads none of its samples';
  for (let round = 0; round < rounds; round++) {
    const seed = first + round;
    say({ begun: name, seed });
    const text = mutate(given[round % given.length]!, seed);
    const what = `FUZZ_SEED=${seed}: ${JSON.stringify(text.slice(0, 300))}`;
    let result: unknown;
    try {
      result = await read(text);
    } catch (error) {
      if (isAppError(error) || error instanceof Refusal) continue;
      return `${what}\n${(error as Error).stack ?? String(error)}`;
    }
    const size = JSON.stringify(result ?? null, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ).length;
    if (size > 20 * text.length + 20_000) return `${what}\ngives ${size} characters`;
  }
  return null;
}

const [first, rounds] = process.argv.slice(2).map(Number) as [number, number];

async function main(): Promise<void> {
  for (const reader of [...READERS, ...MOVE_IN_READERS]) {
    const failure = await failureOf(reader).catch(
      (error: unknown) => `its sample: ${String(error)}`,
    );
    if (failure !== null) say({ reader: reader[0], failure });
  }
}

void main();
