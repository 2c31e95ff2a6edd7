import type { AgentSessionRecord } from '../../records/record';
import { makeRecordId } from '../../records/record-id';
import { serialiseRecord } from '../../records/serialise-record';
import type { ActivityPlace } from './encode-activity';
import { F, type FieldName, type LineFields } from './line-fields';
import type { PlaceMemory } from './place-memory';
import { cleanId, cleanText, decodeText, type RecordBytes } from './record-bytes';
import type { SessionState } from './transcript-state';

const MOST = { folder: 4096, branch: 512 };

/** Follows the session that a file tells of: where it is, when it began and was last seen. */
export class SessionTrail {
  /** JSON texts with their quotes, for the records of this session. */
  readonly place: ActivityPlace = { folder: null, session: null };
  private session: SessionState | undefined;
  private agentId: string | undefined;
  private readonly last = Buffer.alloc(24);
  private readonly folder = { raw: Buffer.alloc(0), place: 0 };

  constructor(
    private readonly machineId: string,
    private readonly memory: PlaceMemory,
  ) {}

  begin(agentId: string | undefined, session?: SessionState): void {
    this.agentId = agentId;
    this.session = session === undefined ? undefined : { ...session };
    this.last.fill(0);
    if (session !== undefined) this.last.write(session.last, 'latin1');
    this.folder.raw = Buffer.alloc(0);
    this.folder.place = 0;
    this.place.folder = null;
    this.place.session = session === undefined ? null : jsonBytes(session.id);
  }

  state(): SessionState | undefined {
    if (this.session === undefined) return undefined;
    return { ...this.session, last: this.last.toString('latin1', 0, 24) };
  }

  /** A line with a time; the first of a session writes its beginning. */
  see(out: RecordBytes, b: Buffer, f: LineFields, at: Buffer): void {
    this.seeFolder(b, f);
    if (this.session === undefined) this.beginSession(out, b, f, at);
    if (isLater(at, this.last)) for (let i = 0; i < 24; i += 1) this.last[i] = at[i]!;
  }

  private seeFolder(b: Buffer, f: LineFields): void {
    const from = f.at[F.cwd]!;
    const to = f.to[F.cwd]!;
    if (from <= 0 || from === to) return;
    const { raw, place } = this.folder;
    const held = this.memory.holds(f, F.cwd);
    if (held && place === this.memory.number) return;
    this.folder.place = held ? this.memory.number : 0;
    if (raw.length === to - from && raw.compare(b, from, to) === 0) return;
    this.folder.raw = Buffer.from(b.subarray(from, to));
    this.place.folder = jsonBytes(cleanText(decodeText(b, from, to), MOST.folder));
  }

  private beginSession(out: RecordBytes, b: Buffer, f: LineFields, at: Buffer): void {
    const text = (field: FieldName): string | null =>
      f.at[field]! > 0 && f.at[field] !== f.to[field]
        ? decodeText(b, f.at[field]!, f.to[field]!)
        : null;
    const said = text(F.session);
    if (said === null) return;
    const own = this.agentId === undefined ? cleanId(said) : cleanId(`agent-${this.agentId}`);
    const folder = text(F.cwd);
    const branch = text(F.branch);
    this.session = {
      id: own,
      parent: this.agentId === undefined ? null : cleanId(said),
      folder: folder === null ? null : cleanText(folder, MOST.folder),
      branch: branch === null ? null : cleanText(branch, MOST.branch),
      last: '',
    };
    this.place.session = jsonBytes(own);
    const record = sessionRecord(
      this.machineId,
      this.session,
      'started',
      at.toString('latin1', 0, 24),
    );
    out.putString(`${serialiseRecord(record)}\n`);
  }
}

/** As Buffer.compare says, which takes longer than this to be called. */
function isLater(at: Buffer, than: Buffer): boolean {
  for (let i = 0; i < 24; i += 1) if (at[i] !== than[i]) return at[i]! > than[i]!;
  return false;
}

const jsonBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(JSON.stringify(text)));

export function sessionRecord(
  machineId: string,
  { id, parent, folder, branch }: SessionState,
  action: AgentSessionRecord['action'],
  at: string,
): AgentSessionRecord {
  const [source, type] = ['remote.agent', 'agent_session'] as const;
  return {
    v: 1,
    id: makeRecordId({ machineId, source, type, at, discriminator: `${id}:${action}` }),
    at,
    type,
    source,
    folder,
    session_id: id,
    action,
    session_type: sessionType(id),
    parent_session_id: parent,
    git_branch: branch,
  };
}

/** Agents that the program itself starts, to shorten a talk or to suggest, work for nobody's task. */
function sessionType(id: string): AgentSessionRecord['session_type'] {
  if (!id.startsWith('agent-')) return 'user';
  return /prompt_suggestion|compact/.test(id) ? 'agent' : 'subagent';
}
