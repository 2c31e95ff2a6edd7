import { withProgress, type OnProgress } from '@coffee-roadmap/db/backup/progress';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../errors';
import { filesOf, MANIFEST, parseManifest, type Manifest } from './manifest';
import { checkStored, checkTable } from './stored-file';

export interface BackupFinding {
  file: string;
  /** `is gone`, `was changed`. */
  problem: string;
}

export interface BackupVerdict {
  /** Undefined where it cannot be read: that is a finding. */
  manifest: Manifest | undefined;
  findings: BackupFinding[];
}

/** Reads every byte of a backup: hashes of files, and every table's rows. Memory holds no table. */
export async function verifyBackup(
  folder: string,
  onProgress: OnProgress = () => undefined,
): Promise<BackupVerdict> {
  const { manifest, findings } = readManifest(folder);
  if (manifest === undefined) return { manifest, findings };
  const note = (file: string, problem: string | undefined): void => {
    if (problem !== undefined) findings.push({ file, problem });
  };
  for (const table of withProgress(manifest.tables, 'reading the backup', onProgress)) {
    note(table.file, await checkTable(folder, table));
  }
  for (const file of filesOf(manifest).slice(manifest.tables.length)) {
    note(file.file, await checkStored(folder, file));
  }
  return { manifest, findings };
}

/** As far as can be told without reading the rows. */
export function readManifest(folder: string): BackupVerdict {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) {
    return { manifest: undefined, findings: [{ file: MANIFEST, problem: 'is gone' }] };
  }
  try {
    return { manifest: parseManifest(readFileSync(file, 'utf8')), findings: [] };
  } catch (error) {
    const problem = messageOf(error).replace(`${MANIFEST} `, '');
    return { manifest: undefined, findings: [{ file: MANIFEST, problem }] };
  }
}
