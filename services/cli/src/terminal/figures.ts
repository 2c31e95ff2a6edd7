const SUFFIXES: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** 1,234 as it is, 123,456 as 123.5k: at most six characters. */
export function shortCount(value: number): string {
  if (Math.abs(value) < 10_000) return value.toLocaleString('en-US');
  for (const [unit, suffix] of SUFFIXES) {
    if (Math.abs(value) >= unit * 0.99995) return `${(value / unit).toFixed(1)}${suffix}`;
  }
  return String(value);
}

/** Nano-USD as $1,234.56; cents and less with four digits. */
export function usd(nanos: bigint): string {
  const value = Number(nanos) / 1e9;
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
