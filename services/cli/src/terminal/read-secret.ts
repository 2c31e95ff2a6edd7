import type { Readable } from 'node:stream';
import { readInput } from './read-input';

export interface SecretInput extends Readable {
  setRawMode?(raw: boolean): unknown;
}

const INTERRUPT = '\x03';
const END = '\x04';
const KILL_LINE = '\x15';
/** Arrow keys and the like. */
const KEYS = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O?.)?/g;

/** Reads a line from a terminal that shows nothing of it; undefined when the person gave up. */
export async function readSecret(input: SecretInput): Promise<string | undefined> {
  let typed: string[] = [];
  input.setRawMode?.(true);
  try {
    return await readInput<string | undefined>(
      input,
      (chunk) => {
        const keys = [...chunk.replace(KEYS, '').replaceAll('\r\n', '\n')];
        for (const [i, key] of keys.entries()) {
          const rest = keys.slice(i + 1).join('');
          if (key === '\r' || key === '\n') return { answer: typed.join(''), rest };
          if (key === INTERRUPT || key === END) return { answer: undefined, rest };
          if (key === '\x7f' || key === '\b') typed.pop();
          else if (key === KILL_LINE) typed = [];
          else if (key >= ' ') typed.push(key);
        }
        return undefined;
      },
      () => undefined,
    );
  } finally {
    input.setRawMode?.(false);
  }
}
