import { findIdentity } from '@coffee-roadmap/shared/machines/identity';
import { openStore } from '@coffee-roadmap/shared/gist/open-store';
import { readRemote, type RemoteContents } from '@coffee-roadmap/shared/gist/read-remote';
import { readRemoteState, requireGistSettings } from '@coffee-roadmap/shared/gist/settings';
import type { Snapshot } from '@coffee-roadmap/shared/gist/store';
import { findToken } from '@coffee-roadmap/shared/gist/token';
import { tokenHostOf } from '@coffee-roadmap/shared/gist/token-host';
import { countRecords } from '@coffee-roadmap/shared/shards/machine-entry';
import { recordsBehind } from '@coffee-roadmap/shared/spool/records-behind';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { ago } from '../../terminal/ago';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { count } from '../../words';
import { placeOf, records, refusedText } from './words';

export function registerGistStatus(gist: Command, context: Context): void {
  addVerb(gist, 'status', 'what waits here, and who has what there', {
    examples: ['gist status'],
    isDefault: true,
  }).action(async (options: CommonOptions) => {
    const out = context.output(options);
    const config = context.config();
    const settings = requireGistSettings(config.paths);
    const { remote } = await look(context);
    const identity = findIdentity(config.paths);
    const own = remote.machines.find(({ machineId }) => machineId === identity?.machine_id);
    const cursor = own?.entry?.cursor ?? undefined;
    const waiting = identity ? recordsBehind(config.paths, cursor) : 0;
    const state = readRemoteState(config.paths, settings);
    const now = new Date();
    const machines = remote.machines.map(({ machineId, entry, shards, whole }) => ({
      id: machineId,
      label: entry?.label ?? machineId.slice(0, 8),
      records: entry ? countRecords(entry) : null,
      shards: shards.length,
      last_record_at:
        entry?.shards
          .map(({ last }) => last)
          .sort()
          .at(-1) ?? null,
      pushed_at: entry?.pushed_at ?? null,
      whole,
    }));
    const document = {
      waiting,
      last_push: state.last_push ?? null,
      last_pull: state.last_pull ?? null,
      auto_sync: settings.auto_sync === true,
      machines,
      refused_files: remote.refused,
    };
    const since = (at: string | undefined | null): string =>
      at ? ago(new Date(at), now) : 'never';
    out.result(document, () =>
      [
        `${placeOf(settings)}: ${waitingText(waiting)}.`,
        `Last push ${since(state.last_push)}, last pull ${since(state.last_pull)}, auto-sync ${document.auto_sync ? 'on' : 'off'}.`,
        ...(machines.length === 0 ? ['Nothing is there yet: coffee-roadmap gist push'] : []),
        ...(machines.length === 0 ? [] : ['', table()]),
        refusedText(remote.refused) ?? '',
      ]
        .filter((line, i) => line !== '' || i === 2)
        .join('\n'),
    );
    function table(): string {
      return renderTable(
        [
          { title: 'MACHINE', flexible: true, min: 12, paint: out.colours.bold },
          { title: 'RECORDS', align: 'right' },
          { title: 'SHARDS', align: 'right' },
          { title: 'LAST RECORD' },
          { title: 'PUSHED' },
        ],
        machines.map((one) => [
          stripEscapes(one.label),
          one.records ?? '?',
          one.shards,
          one.last_record_at?.slice(0, 10) ?? '',
          since(one.pushed_at),
        ]),
        { width: out.width, paintTitle: out.colours.dim },
      );
    }
  });
  addVerb(gist, 'info', 'which gist or remote it is, and how it is reached', {
    examples: ['gist info'],
  }).action(async (options: CommonOptions) => {
    const out = context.output(options);
    const config = context.config();
    const settings = requireGistSettings(config.paths);
    const token = await findToken(config, tokenHostOf(settings));
    const { snapshot, remote } = await look(context);
    let bytes = 0;
    for (const file of snapshot.files.values()) bytes += file.bytes;
    const document = {
      kind: settings.gist === undefined ? 'git' : 'gist',
      ...settings,
      version: snapshot.version,
      files: snapshot.files.size,
      bytes,
      machines: remote.machines.length,
      files_v1: remote.filesV1.length,
      token: token?.source ?? null,
    };
    out.result(document, () =>
      [
        `Place     ${placeOf(settings)}`,
        `Version   ${snapshot.version?.slice(0, 12) ?? 'nothing there yet'}`,
        `Holds     ${count(snapshot.files.size, 'file')}, ${count(bytes, 'byte')}, ${count(remote.machines.length, 'machine')}`,
        `Token     ${token === undefined ? 'none' : `from the ${token.source}`}`,
      ].join('\n'),
    );
  });
}

function look(context: Context): Promise<{ snapshot: Snapshot; remote: RemoteContents }> {
  const settings = requireGistSettings(context.config().paths);
  return withProgress(context.streams.stderr, 'reading what is there', async () => {
    const snapshot = await (await openStore(context.config(), settings)).read();
    return { snapshot, remote: await readRemote(snapshot) };
  });
}

const waitingText = (count: number): string =>
  count === 0 ? 'nothing waits here' : `${records(count)} wait${count === 1 ? 's' : ''} here`;
