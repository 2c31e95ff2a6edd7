import { parseLine } from '../../records/parse-line';
import { RECORD_VERSION, type MachineRecord } from '../../records/record';
import { makeRecordId } from '../../records/record-id';
import { serialiseRecord } from '../../records/serialise-record';

/** A line as a hook wrote it → its record; undefined for what is no such line. */
export function readHookLine(
  line: string,
  machineId: string,
  gitProjectOf: (folder: string) => string | null,
): MachineRecord | undefined {
  const fields = line.split('\t');
  const ms = Number(fields[1]?.slice(0, -6));
  if (!/^\d{16,19}$/.test(fields[1] ?? '') || ms > 8.64e15) return undefined;
  const base = { v: RECORD_VERSION, at: new Date(ms).toISOString(), session_id: null };
  const made =
    fields[0] === 'tmux' && fields.length === 7
      ? tmuxFields(fields, gitProjectOf)
      : fields[0] === 'git' && fields.length === 8
        ? gitFields(fields, gitProjectOf)
        : fields[0] === 'window' && fields.length === 5
          ? windowFields(fields)
          : fields[0] === 'afk' && fields.length === 4
            ? afkFields(fields)
            : undefined;
  if (made === undefined) return undefined;
  const { discriminator, ...rest } = made;
  const id = makeRecordId({ machineId, at: base.at, discriminator, ...named(rest) });
  const parsed = parseLine(serialiseRecord({ ...base, id, ...rest } as unknown as MachineRecord));
  return parsed.kind === 'record' ? parsed.record : undefined;
}

const named = ({ source, type }: { source: string; type: string }) => ({ source, type });

function tmuxFields(fields: string[], gitProjectOf: (folder: string) => string | null) {
  const [, , kind, pane = '', folder = '', session = '', window = ''] = fields;
  return {
    type: kind === 'scroll' ? 'tmux_scroll' : 'tmux_pane_focus',
    source: 'remote.tmux',
    discriminator: pane,
    pane_id: pane,
    folder: folder || null,
    tmux_session: session || null,
    window_index: /^\d{1,6}$/.test(window) ? Number(window) : null,
    git_project: folder === '' ? null : gitProjectOf(folder),
  };
}

function gitFields(fields: string[], gitProjectOf: (folder: string) => string | null) {
  const [, , hook, folder = '', branch = '', commit = '', previous = '', actor] = fields;
  return {
    type: hook === 'commit' ? 'git_commit' : 'git_checkout',
    source: 'remote.git',
    discriminator: commit,
    folder: folder || null,
    git_project: folder === '' ? null : gitProjectOf(folder),
    git_branch: branch || null,
    actor: actor === 'person' || actor === 'agent' ? actor : null,
    commit,
    ...(hook === 'checkout' ? { previous_commit: previous || null } : {}),
  };
}

function windowFields([, , id = '', app = '', title = '']: string[]) {
  return {
    ...{ type: 'window_focus', source: 'local.window', discriminator: id, folder: null },
    ...{ window_app_id: app, window_title: title || null },
  };
}

function afkFields([, , status = '', idle = '']: string[]) {
  return {
    ...{ type: 'afk_change', source: 'local.afk', discriminator: status, folder: null, status },
    idle_duration_ms: /^\d{1,12}$/.test(idle) ? Number(idle) : null,
  };
}
