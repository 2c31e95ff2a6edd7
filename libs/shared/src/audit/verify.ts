import { createHash } from 'node:crypto';
import type { Session } from '../db/session';
import type { AnchoredSeal } from './anchor';
import {
  listErasures,
  listSealedEntries,
  listSeals,
  listUnsealedEntries,
  withSnapshot,
  type EntryFacts,
  type Erasure,
  type Seal,
} from './queries';

export type AuditProblem =
  | 'seal_missing'
  | 'seal_changed'
  | 'chain_broken'
  | 'entries_changed'
  | 'entry_missing'
  | 'entry_unsealable'
  | 'payload_changed'
  | 'payload_missing'
  | 'erasure_changed'
  | 'anchor_missing'
  | 'anchor_differs';

export interface AuditFinding {
  problem: AuditProblem;
  /** Number of the seal that it is about. */
  seal: number | null;
  entry: number | null;
}

export interface AuditVerdict {
  /** Of the chain, as far as it reaches. */
  seals: number;
  /** Sealed entries. */
  entries: number;
  /** Those that wait for a seal: nothing guards their number yet. */
  waiting: number;
  head: { n: number; hash: string } | null;
  /** How many anchors were compared. */
  anchors: number;
  findings: AuditFinding[];
}

const PAGE = 500;
const NONE = '0'.repeat(64);

/**
 * Recomputes every seal and every digest from what is read, so that nothing depends on functions that
 * whoever tampers could have replaced. Memory holds a page of entries.
 */
export async function verifyAudit(
  auditor: Session<'auditor'>,
  anchors: AnchoredSeal[],
  onProgress: (entries: number) => void = () => undefined,
): Promise<AuditVerdict> {
  return withSnapshot(auditor, async (session) => {
    const findings: AuditFinding[] = [];
    const find = (problem: AuditProblem, seal: number | null, entry: number | null = null): void =>
      void findings.push({ problem, seal, entry });
    const anchored = new Map<number, AnchoredSeal[]>();
    for (const one of anchors) anchored.set(one.n, [...(anchored.get(one.n) ?? []), one]);

    const sealed = pages((last: EntryFacts | undefined) =>
      listSealedEntries(session, {
        after: last && { seal: last.seal!, id: last.id },
        limit: PAGE,
      }),
    );
    let entry = await sealed.next();
    let [seals, entries] = [0, 0];
    let before: Seal | undefined;
    const all = pages((last: Seal | undefined) =>
      listSeals(session, { after: last?.n ?? 0, limit: PAGE }),
    );
    for await (const seal of all) {
      const next = (before?.n ?? 0) + 1;
      for (let n = next; n < Math.min(seal.n, next + PAGE); n++) find('seal_missing', n);
      if (seal.previous !== (before?.hash ?? NONE)) find('chain_broken', seal.n);
      if (seal.hash !== hashSeal(seal)) find('seal_changed', seal.n);
      const content = createHash('sha256');
      let covered = 0;
      while (!entry.done && entry.value.seal! <= seal.n) {
        const { value } = entry;
        if (value.seal! < 1) find('entry_unsealable', null, value.id);
        if (value.seal === seal.n) content.update(`${covered++ === 0 ? '' : '\n'}${value.line}`);
        check(value, find);
        if (++entries % 10_000 === 0) onProgress(entries);
        entry = await sealed.next();
      }
      if (covered !== seal.entries || content.digest('hex') !== seal.content) {
        find('entries_changed', seal.n);
      }
      for (const { hash } of anchored.get(seal.n) ?? []) {
        if (hash !== seal.hash) find('anchor_differs', seal.n);
      }
      anchored.delete(seal.n);
      before = seal;
      seals++;
    }
    for (; !entry.done; entry = await sealed.next()) find('seal_missing', entry.value.seal);
    for (const n of anchored.keys()) find('anchor_missing', n);

    let waiting = 0;
    const rest = pages((last: (EntryFacts & { waits: boolean }) | undefined) =>
      listUnsealedEntries(session, { after: last?.id, limit: PAGE }),
    );
    for await (const one of rest) {
      if (one.waits) waiting++;
      else find('entry_unsealable', null, one.id);
      check(one, find);
    }
    for (const erasure of await listErasures(session)) {
      if (!namesItsList(erasure)) find('erasure_changed', null, erasure.entry);
    }
    const head = before === undefined ? null : { n: before.n, hash: before.hash };
    return { seals, entries, waiting, head, anchors: anchors.length, findings };
  });
}

/** What a seal's hash is made of: its number, time, count, content and predecessor. */
export function hashSeal(seal: Omit<Seal, 'hash'>): string {
  const { n, sealed_at, entries, content, previous } = seal;
  return createHash('sha256')
    .update(['coffee-roadmap seal', n, sealed_at, entries, content, previous].join(' '))
    .digest('hex');
}

/**
 * Whether the entry of an erasure, whose digest is checked like every other, names exactly the payloads
 * that are said to be gone by it: else anybody could hide what they deleted among them.
 */
function namesItsList({ person, payload, list }: Erasure): boolean {
  const { action, data } = parsed(payload) ?? {};
  const hash = createHash('sha256').update(list).digest('hex');
  return action === 'person.erase' && data?.person === person && data.list === hash;
}

interface ErasurePayload {
  action?: string;
  data?: { person?: string; list?: string } | null;
}

/** Null where it is no JSON: whoever tampers writes what they like. */
function parsed(payload: string | null): ErasurePayload | null {
  try {
    return JSON.parse(payload ?? 'null') as ErasurePayload | null;
  } catch {
    return null;
  }
}

function check(
  { id, seal, there, digest, salt, payload, erased }: EntryFacts,
  find: (problem: AuditProblem, seal: number | null, entry: number) => void,
): void {
  if (!there) return find('entry_missing', seal, id);
  if (payload === null) {
    if (!erased) find('payload_missing', seal, id);
    return;
  }
  const found = createHash('sha256').update(Buffer.from(salt!, 'hex')).update(payload);
  if (found.digest('hex') !== digest) find('payload_changed', seal, id);
}

async function* pages<T>(
  read: (last: T | undefined) => Promise<T[]>,
): AsyncGenerator<T, undefined> {
  for (let last: T | undefined; ;) {
    const rows = await read(last);
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1);
  }
}
