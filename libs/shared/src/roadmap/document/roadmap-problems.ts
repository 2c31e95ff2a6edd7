/** What is wrong with a document for those who want to store it. */
import type { RoadmapEntry, RoadmapProblem } from './roadmap-document';
import { ROADMAP_LIMITS } from './roadmap-document';

type Placed = RoadmapEntry & { line: number };

const error = (line: number, message: string): RoadmapProblem => ({
  line,
  level: 'error',
  message,
});

/** NUL and half characters: Postgres takes neither. */
export function textProblems(text: string): RoadmapProblem[] {
  const at = text.search(/\0|\p{Surrogate}/u);
  if (at < 0) return [];
  const line = text.slice(0, at).split('\n').length;
  return [error(line, 'this line holds a NUL or half a character: it is not a text file')];
}

export function duplicateProblems(items: readonly Placed[]): RoadmapProblem[] {
  const lines = new Map<string, number>();
  return items.flatMap(({ number, line }) => {
    const first = lines.get(number);
    if (first === undefined) {
      lines.set(number, line);
      return [];
    }
    return [error(line, `the number ${number} is already taken in line ${first}`)];
  });
}

/** Counted in code points, as the database does. */
const longer = (text: string, limit: number) => text.length > limit && [...text].length > limit;

export function limitProblems(preamble: string, items: readonly Placed[]): RoadmapProblem[] {
  const tooLong = (what: string, limit: number) =>
    `${what} is longer than ${limit.toLocaleString('en')} characters`;
  const { title, body } = ROADMAP_LIMITS;
  const problems = items.flatMap((item) => [
    ...(longer(item.title, title) ? [error(item.line, tooLong('the title', title))] : []),
    ...(longer(item.body, body) ? [error(item.line, tooLong('the text', body))] : []),
  ]);
  if (longer(preamble, ROADMAP_LIMITS.preamble)) {
    problems.push(error(1, tooLong('the text before the first item', ROADMAP_LIMITS.preamble)));
  }
  return problems;
}
