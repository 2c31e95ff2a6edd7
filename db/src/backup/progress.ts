/** What is being done, and how much of it is done, from 0 to 1, where that is known. */
export type OnProgress = (label: string, part?: number) => void;

/** Goes through the tables and says before each how large a part of all rows is done. */
export function* withProgress<T extends { rows: number }>(
  tables: readonly T[],
  label: string,
  onProgress: OnProgress,
): Generator<T> {
  const all = tables.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  for (const table of tables) {
    onProgress(label, all === 0 ? 0 : done / all);
    yield table;
    done += table.rows;
  }
}
