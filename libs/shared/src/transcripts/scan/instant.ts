const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const two = (b: Buffer, at: number): number => (b[at]! - 48) * 10 + b[at + 1]! - 48;
const isDigit = (c: number): boolean => c >= 48 && c <= 57;

/**
 * A moment as `YYYY-MM-DDTHH:MM:SS.mmmZ` at `at`: a number that is larger for a later one (not
 * milliseconds); -1 where it is written otherwise or does not exist.
 */
export function instantOrder(b: Buffer, at: number, to: number): number {
  if (to - at !== 24 || b[at + 23] !== 90) return -1;
  for (let i = 0; i < 23; i += 1) {
    const c = b[at + i]!;
    const wanted =
      i === 4 || i === 7 ? 45 : i === 10 ? 84 : i === 13 || i === 16 ? 58 : i === 19 ? 46 : 0;
    if (wanted === 0 ? !isDigit(c) : c !== wanted) return -1;
  }
  const year = two(b, at) * 100 + two(b, at + 2);
  const month = two(b, at + 5);
  const day = two(b, at + 8);
  const [hour, minute, second] = [two(b, at + 11), two(b, at + 14), two(b, at + 17)];
  if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]!) return -1;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0)))
    return -1;
  if (hour > 23 || minute > 59 || second > 59) return -1;
  const ms = two(b, at + 20) * 10 + b[at + 22]! - 48;
  return (
    (((year * 12 + month) * 31 + day) * 86_400 + hour * 3600 + minute * 60 + second) * 1000 + ms
  );
}

const OTHER = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?(?:Z|[+-]\d\d:\d\d)$/;

/** The same moment as records write it, from the other ways that logs have; undefined for none. */
export function normaliseInstant(text: string): string | undefined {
  if (!OTHER.test(text)) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const found = new Date(ms);
  // Date.parse takes the 30th of February for the 2nd of March.
  const local = new Date(Date.parse(`${text.slice(0, 19)}Z`)).toISOString().slice(0, 19);
  return local === text.slice(0, 19) ? found.toISOString() : undefined;
}
