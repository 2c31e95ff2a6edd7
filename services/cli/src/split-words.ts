const WORD = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs;

/** Splits as a shell would, with quotes and backslashes and nothing else; undefined: open quote. */
export function splitWords(text: string): string[] | undefined {
  const words = text.match(WORD) ?? [];
  if (text.replace(WORD, '').trim() !== '') return undefined;
  return words.map((word) =>
    word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs, (_, single, double, escaped) =>
      single !== undefined
        ? String(single)
        : double !== undefined
          ? String(double).replace(/\\(["\\])/g, '$1')
          : String(escaped),
    ),
  );
}
