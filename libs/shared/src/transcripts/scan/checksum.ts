import { readSync } from 'node:fs';

/** Enough to tell that a file is another one; not against people who want to deceive themselves. */
export function checksum(bytes: Buffer, length: number): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < length; i += 1) {
    a = Math.imul(a ^ bytes[i]!, 0x01000193);
    b = Math.imul(b ^ bytes[i]!, 0x5bd1e995) + i;
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}

const scratch = Buffer.alloc(1024);

/** Of `length` bytes (at most 1,024) at `position`; undefined where the file is shorter. */
export function checksumAt(file: number, position: number, length: number): string | undefined {
  let read = 0;
  while (read < length) {
    const more = readSync(file, scratch, read, length - read, position + read);
    if (more === 0) return undefined;
    read += more;
  }
  return checksum(scratch, length);
}
