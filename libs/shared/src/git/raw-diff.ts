/** One changed path. Modes as in trees: `100644`, `120000` a link, `160000` a submodule. */
export interface RawChange {
  oldMode: string;
  newMode: string;
  path: string;
}

export const GITLINK = '160000';

/** Parses `--raw -z --no-renames`: `:<mode> <mode> <hash> <hash> <letter>\0<path>\0`. */
export function parseRawDiff(output: string): RawChange[] {
  const fields = output.split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const modes = /^:(\d{6}) (\d{6}) /.exec(fields[at] ?? '');
    if (modes) changes.push({ oldMode: modes[1]!, newMode: modes[2]!, path: fields[at + 1]! });
  }
  return changes;
}
