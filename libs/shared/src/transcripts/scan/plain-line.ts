/**
 * An odd line as JSON.stringify writes it, with its line feed: JSON.parse knows what a key with escapes
 * stands for, and which of two counts. Undefined for what is no JSON.
 */
export function plainLine(b: Buffer, from: number, end: number): Buffer | undefined {
  try {
    const line: unknown = JSON.parse(b.toString('utf8', from, end));
    return Buffer.from(`${JSON.stringify(line)}\n`);
  } catch {
    return undefined;
  }
}
