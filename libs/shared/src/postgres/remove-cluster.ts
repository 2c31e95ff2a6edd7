import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type ClusterPlace, POINTER } from './cluster-place';
import { isFromInitdb, MARKER } from './create-cluster';

/** Deletes a stopped cluster; a folder that holds anything else is left alone. */
export function removeCluster(named: string, place: ClusterPlace): void {
  for (const folder of new Set([place.dataDir, named])) {
    if (!existsSync(folder)) continue;
    const entries = readdirSync(folder);
    const ours = entries.includes(MARKER) || entries.includes(POINTER);
    if (!ours && !entries.every(isFromInitdb)) return;
    rmSync(folder, { recursive: true, force: true });
  }
  const beside = [place.passwordFile, place.portFile, place.logFile, `${place.logFile}.old`];
  for (const file of beside) rmSync(file, { force: true });
  if (place.dataDir !== named) removeIfEmpty(path.dirname(place.dataDir));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return; // something else is in it, or it is gone already
  }
}
