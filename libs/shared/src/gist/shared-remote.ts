import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/config';
import type { Session } from '../db/session';
import type { ImportCounts } from '../imports/import-counts';
import { requireIdentity } from '../machines/identity';
import { databaseReceiver, judgeImport } from './database-receiver';
import { spoolRecords } from './local-records';
import { openStore } from './open-store';
import { pullRecords, type PullEnd } from './pull';
import { pushRecords, type Conflict, type PushEnd } from './push';
import { readRemoteState, saveRemoteState, type GistSettings } from './settings';
import type { Snapshot } from './store';

export interface PushSharedOptions {
  force?: boolean;
  v1?: boolean;
  onConflict?: (conflict: Conflict) => void;
}

/** This machine's spool to the remote that is set up. Errors as of the store and of pushRecords. */
export async function pushShared(
  config: Config,
  settings: GistSettings,
  options: PushSharedOptions = {},
): Promise<PushEnd> {
  const store = await openStore(config, settings);
  const local = spoolRecords(config.paths, requireIdentity(config.paths));
  const end = await pushRecords(store, local, {
    ...options,
    v1: options.v1 === true || settings.format === 'v1',
    ...(settings.retention_days !== undefined && { retentionDays: settings.retention_days }),
    pause: (ms) => wait(ms),
  });
  saveRemoteState(config.paths, settings, { last_push: new Date().toISOString() });
  return end;
}

export interface PullSharedOptions {
  programVersion: string;
  /** What was read already; else it is read now. */
  snapshot?: Snapshot;
  onProgress?: (records: number) => void;
}

export type PullSharedEnd = PullEnd & { counts: ImportCounts };

/** Every machine's records from the remote that is set up into this person's database. */
export async function pullShared(
  config: Config,
  settings: GistSettings,
  session: Session<'person'>,
  { programVersion, snapshot, onProgress }: PullSharedOptions,
): Promise<PullSharedEnd> {
  const store = await openStore(config, settings);
  const receiver = databaseReceiver(
    session,
    settings.gist === undefined ? 'git' : 'gist',
    programVersion,
    onProgress,
  );
  const { pulled } = readRemoteState(config.paths, settings);
  const end = await pullRecords(snapshot ?? (await store.read()), receiver, {
    ...(pulled && { memory: pulled }),
    judge: judgeImport,
  });
  saveRemoteState(config.paths, settings, {
    last_pull: new Date().toISOString(),
    pulled: end.memory,
  });
  return { ...end, counts: receiver.counts() };
}
