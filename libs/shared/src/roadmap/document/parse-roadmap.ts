import { scanCode } from './code-blocks';
import type { Header } from './header';
import { isNearlyHeader, readHeader } from './header';
import { BOM, splitLines } from './lines';
import type { RoadmapDocument, RoadmapProblem } from './roadmap-document';
import { duplicateProblems, limitProblems, textProblems } from './roadmap-problems';
import { takeApart } from './section';

export interface ParsedRoadmap extends RoadmapDocument {
  /** In the order of the lines. Nothing in a file makes reading fail. */
  problems: RoadmapProblem[];
}

interface Start {
  header: Header;
  /** Index of the header's line, and where it begins in the text. */
  at: number;
  offset: number;
}

/** Reads a ROADMAP.md; formatRoadmap gives the same text again, to the byte. */
export function parseRoadmap(text: string): ParsedRoadmap {
  const problems: RoadmapProblem[] = textProblems(text);
  const warn = (line: number, message: string) =>
    problems.push({ line, level: 'warning', message });
  const starts: Start[] = [];
  let offset = text.startsWith(BOM) ? BOM.length : 0;
  const lines = splitLines(text.slice(offset));
  const { isCode, open } = scanCode(lines);
  lines.forEach((line, i) => {
    if (isCode[i] === false && line.text.trimStart().startsWith('#')) {
      const header = readHeader(line.text);
      if (header !== undefined) starts.push({ header, at: i, offset });
      else if (isNearlyHeader(line.text)) warn(i + 1, NEARLY);
    }
    offset += line.text.length + line.eol.length;
  });
  if (open !== null) warn(open.line + 1, 'this code block or comment is never closed');

  const items = starts.map(({ header, at, offset: from }, i) => {
    const next = starts[i + 1];
    const section = takeApart(lines.slice(at, next?.at), header);
    const { status, said, state, body } = section;
    if (status !== null && said === null) {
      warn(
        at + 1 + status.at,
        `status "${status.text.slice(0, 80)}" is not known; read as planned`,
      );
    } else if (said === null) {
      warn(at + 1, `${header.number} says no status; read as planned`);
    }
    const source = { text: text.slice(from, next?.offset) };
    return { number: header.number, title: header.title, state, body, source };
  });
  const preamble = text.slice(0, starts[0]?.offset);
  const placed = items.map((item, i) => ({ ...item, line: (starts[i]?.at ?? 0) + 1 }));
  const all = problems.concat(duplicateProblems(placed), limitProblems(preamble, placed));
  return { preamble, items, problems: all.sort((a, b) => a.line - b.line) };
}

const NEARLY =
  'this heading looks like an item but is not read as one; write "### PRIORITY 1: Title"';
