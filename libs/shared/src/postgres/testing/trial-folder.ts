import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../embedded-postgres';

/** A folder for the clusters of one test file, with a space in its path; `remove` ends them all. */
export class TrialFolder {
  readonly path: string;
  readonly said: string[] = [];
  private readonly dataDirs = new Set<string>();

  constructor() {
    const outer = mkdtempSync(path.join(os.tmpdir(), 'coffee roadmap trial '));
    chmodSync(outer, 0o755);
    this.path = outer;
  }

  folder(name: string, mode = 0o755): string {
    const folder = path.join(this.path, name);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, mode);
    return folder;
  }

  /** A path for a cluster that `remove` will know of. */
  dataDir(name: string): string {
    const dataDir = path.join(this.path, name);
    this.dataDirs.add(dataDir);
    return dataDir;
  }

  start(
    name: string,
    options: Omit<EmbeddedPostgresOptions, 'dataDir'> = {},
  ): Promise<EmbeddedPostgres> {
    const log = (line: string) => void this.said.push(line);
    return startEmbeddedPostgres({
      dataDir: this.dataDir(name),
      durable: false,
      log,
      ...options,
    });
  }

  async remove(): Promise<void> {
    for (const dataDir of this.dataDirs) await removeEmbeddedPostgres(dataDir);
    rmSync(this.path, { recursive: true, force: true });
  }
}
