import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** The real path of a program named by path, or by name on `searchPath`. */
export function findExecutable(name: string, searchPath: string): string | undefined {
  const candidates = name.includes('/')
    ? [path.resolve(name)]
    : searchPath
        .split(':')
        .filter((folder) => path.isAbsolute(folder))
        .map((folder) => path.join(folder, name));
  const found = candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : realpathSync(found);
}
