import type { Corpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';

interface Line {
  uuid?: string;
  requestId?: unknown;
  isSidechain?: boolean;
  message?: { id?: unknown; usage?: unknown };
}

/** Takes a difference out of a corpus: what ccusage counts in the result is what we count in the original. */
export type Difference = (corpus: Corpus) => Corpus;

/** Each line that holds an API message goes through `change`; undefined leaves it out. */
function eachCall(corpus: Corpus, change: (line: Line) => Line | undefined): Corpus {
  const changed: Corpus = new Map();
  for (const [name, content] of corpus) {
    // A torn last line stays as it is: neither of the two reads it.
    const lines = content.toString('utf8').split('\n');
    const kept = lines.flatMap((text, i) => {
      const line = i === lines.length - 1 ? undefined : parse(text);
      if (line?.message?.usage === undefined) return [text];
      const now = change(line);
      return now === undefined ? [] : [now === line ? text : JSON.stringify(now)];
    });
    changed.set(name, Buffer.from(kept.join('\n')));
  }
  return changed;
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

const idOf = ({ message }: Line): string | undefined =>
  typeof message?.id === 'string' && message.id !== '' ? message.id : undefined;

/** A message id names one call: with no request id ccusage counts its lines by their times. */
const messageIdsAlone: Difference = (corpus) =>
  eachCall(corpus, (line) =>
    line.requestId === undefined && idOf(line) !== undefined
      ? { ...line, requestId: `req_of_${idOf(line)}` }
      : line,
  );

/** Without a message id the line's uuid names the call: copies of it in other files are none. */
const uuidsOfLines: Difference = (corpus) => {
  const seen = new Set<string>();
  return eachCall(corpus, (line) => {
    if (idOf(line) !== undefined || line.uuid === undefined) return line;
    if (seen.has(line.uuid)) return undefined;
    seen.add(line.uuid);
    return line;
  });
};

/** What a side chain repeats is the call that it repeats, whatever session and request ids it gives it. */
const sideChainCopies: Difference = (corpus) => {
  const main = new Set<string>();
  eachCall(corpus, (line) => {
    const id = idOf(line);
    if (id !== undefined && line.isSidechain !== true) main.add(id);
    return line;
  });
  return eachCall(corpus, (line) =>
    line.isSidechain === true && main.has(idOf(line) ?? '') ? undefined : line,
  );
};

/** By the words of docs/usage.md. Fast mode is taken out where ccusage's numbers are read. */
export const DIFFERENCES: Record<string, Difference> = {
  'no request id': messageIdsAlone,
  'no message id': uuidsOfLines,
  "a side chain's copy": sideChainCopies,
};
