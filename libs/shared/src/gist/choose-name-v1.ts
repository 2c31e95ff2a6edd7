import { MOST_FILE_BYTES } from '../shards/machine-entry';
import { parseJson } from '../shards/manifest';
import { collideV1, freeNameV1, isCalledV1 } from '../shards/name-v1';
import type { LocalRecords } from './local-records';
import type { RemoteContents } from './read-remote';
import type { Snapshot } from './store';

/**
 * What this machine is called in files of version 1.0, which know no ids: its label, unless files of
 * another machine would have the same names. A machine of ccu that is called exactly so is this one, before
 * it came here. Where two chose one name at the same time (a gist lets them), the larger id gives way.
 */
export async function chooseNameV1(
  snapshot: Snapshot,
  remote: RemoteContents,
  { machineId, label }: Pick<LocalRecords, 'machineId' | 'label'>,
): Promise<string> {
  const entries = remote.machines.flatMap(({ entry }) => (entry ? [entry] : []));
  const own = entries.find(({ machine_id }) => machine_id === machineId);
  const former = own?.v1_name ?? own?.label;
  const named = entries.filter(
    ({ machine_id, v1_name }) => machine_id !== machineId && v1_name !== undefined,
  );
  const listed = remote.manifestV1?.machines.map(({ machine_name }) => machine_name) ?? [];
  const strangers = [...listed, ...(await unlistedNames(snapshot, remote, label))].filter(
    (name) => name !== former && !named.some(({ v1_name }) => v1_name === name),
  );
  return freeNameV1(label, machineId, (name) => {
    const byOthers = named.some(
      ({ machine_id, v1_name }) =>
        collideV1(v1_name!, name) && (own?.v1_name !== name || machine_id < machineId),
    );
    return byOthers || strangers.some((one) => one !== name && collideV1(one, name));
  });
}

/** Whose the files are that the manifest has forgotten, as far as their names could be ours. */
async function unlistedNames(
  { files }: Snapshot,
  { filesV1, manifestV1 }: RemoteContents,
  label: string,
): Promise<string[]> {
  const listed = new Set(manifestV1?.machines.flatMap(({ data_files }) => data_files));
  const names: string[] = [];
  for (const file of filesV1) {
    const stored = files.get(file)!;
    if (listed.has(file) || !isCalledV1(file, label) || stored.bytes > MOST_FILE_BYTES) continue;
    const found = parseJson((await stored.read()).toString('utf8')) as
      { machine_name?: unknown } | undefined;
    if (typeof found?.machine_name === 'string') names.push(found.machine_name.slice(0, 100));
  }
  return names;
}
