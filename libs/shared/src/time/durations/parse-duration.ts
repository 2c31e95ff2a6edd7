import { AppError } from '../../errors';

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(\d+(?:\.\d+)?)h/, 3_600_000],
  [/^(\d+(?:\.\d+)?)m/, 60_000],
  [/^(\d+)s/, 1000],
];

/**
 * Milliseconds of `1h30m`, `90m`, `1.5h`, `1h 30m`, `1:30`; whole seconds. Throws invalid_input for
 * nothing, for what has no unit, and for more than `mostMs`.
 */
export function parseDuration(text: string, mostMs = 24 * 3_600_000): number {
  const clock = /^(\d+):([0-5]\d)$/.exec(text.trim());
  let rest = clock ? `${clock[1]}h${clock[2]}m` : text.toLowerCase().replace(/\s+/g, '');
  let total = 0;
  for (const [shape, unit] of UNITS) {
    const match = shape.exec(rest);
    if (match === null) continue;
    total += Number(match[1]) * unit;
    rest = rest.slice(match[0].length);
  }
  const ms = Math.round(total / 1000) * 1000;
  if (rest !== '' || !(ms > 0)) {
    throw new AppError('invalid_input', `"${text}" is no duration`, {
      hint: 'Durations are like 1h30m, 45m, 1.5h or 1:30.',
    });
  }
  if (ms > mostMs) {
    throw new AppError('invalid_input', `"${text}" is more than ${mostMs / 3_600_000} hours`);
  }
  return ms;
}
