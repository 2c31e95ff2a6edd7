import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { AppError } from '@coffee-roadmap/shared/errors';
import { execFile } from 'node:child_process';
import path from 'node:path';

/** Runs the CLI as a person would in another terminal; what it printed. Throws what it said. */
export function asPerson(
  databaseUrl: string,
  env: { path: string; home: string },
  args: string[],
): Promise<string> {
  const program = path.join(projectRoot(), 'dist', 'coffee-roadmap.js');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { PATH: env.path, HOME: env.home, DATABASE_URL: databaseUrl } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new AppError('failed', stderr.trim().split('\n')[0] ?? error.message));
      },
    );
  });
}
