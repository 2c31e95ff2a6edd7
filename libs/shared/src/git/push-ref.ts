import { gitFailure, lastLines, printable } from './failure';
import { isCommitHash, mustBeCommitHash } from './refs';
import { callRemote, withRetries, type RemoteAccess } from './remote';

export type PushEnd =
  | { kind: 'pushed' }
  /** The remote was there already. */
  | { kind: 'unchanged' }
  /** Somebody else has moved the ref; `found` is where it is, null when it is gone. */
  | { kind: 'moved'; found: string | null }
  /** The remote does not want it, in its own words; `checkedOut`: its working tree is in the way. */
  | { kind: 'refused'; reason: string; checkedOut: boolean };

export interface PushedRef {
  /** Full name. */
  ref: string;
  /** Null deletes the ref. */
  commit: string | null;
  /** Where the ref must be for this to happen; null: it must not exist. */
  expected: string | null;
}

const LOST_RACE = /stale info|non-fast-forward|fetch first|failed to update ref|cannot lock ref/;
const CHECKED_OUT =
  /working (?:directory|tree)|staged changes|currently checked out|current branch/i;
const NO_ANSWER = /remote fail/;
/** Another push to the same ref is under way at this moment. */
const BUSY = /unable to create '.*\.lock'/i;

/**
 * Moves one ref of the remote from `expected` to `commit`, or not at all. Sent again it finds its
 * own work and says `unchanged`. Tries again when the remote does not answer.
 */
export function pushRef(mirror: string, access: RemoteAccess, move: PushedRef): Promise<PushEnd> {
  const source = move.commit === null ? '' : mustBeCommitHash(move.commit);
  const expected = move.expected === null ? '' : mustBeCommitHash(move.expected);
  const lease = `--force-with-lease=${move.ref}:${expected}`;
  return withRetries(access, async () => {
    const push = await callRemote(
      mirror,
      access,
      'receive-pack',
      ['push', '--porcelain', '--no-verify', '--no-follow-tags', lease],
      [`${source}:${move.ref}`],
      { allow: [0, 1] },
    );
    const report = parsePushReport(push.stdout, move.ref);
    if (report?.flag === '=') return { kind: 'unchanged' };
    if (report && report.flag !== '!') return { kind: 'pushed' };
    if (!report || NO_ANSWER.test(report.reason) || BUSY.test(push.stderr)) {
      throw gitFailure({ verb: 'push', stderr: push.stderr, code: push.code });
    }
    if (LOST_RACE.test(report.reason) || /does not exist/.test(report.reason)) {
      const found = await findRemoteRef(mirror, access, move.ref);
      if (found === move.commit) return { kind: 'unchanged' };
      if (found !== move.expected) return { kind: 'moved', found };
    }
    const said = lastLines(remoteWords(push.stderr));
    return {
      kind: 'refused',
      reason: said ? `${report.reason}: ${said}` : report.reason,
      checkedOut: CHECKED_OUT.test(report.reason),
    };
  });
}

/**
 * The line about one ref in what `git push --porcelain` says: `<flag>\t<from>:<to>\t<summary>`.
 * `reason`: what the summary has in brackets.
 */
export function parsePushReport(
  report: string,
  ref: string,
): { flag: string; reason: string } | undefined {
  for (const line of report.split('\n')) {
    const [flag, names = '', summary = ''] = line.split('\t');
    if (flag === undefined || !names.endsWith(`:${ref}`)) continue;
    return { flag, reason: printable(/\((.*)\)\s*$/.exec(summary)?.[1] ?? summary) };
  }
  return undefined;
}

/** Where a ref of the remote points now; null when it is not there. */
export async function findRemoteRef(
  mirror: string,
  access: RemoteAccess,
  ref: string,
): Promise<string | null> {
  const { stdout } = await withRetries(access, () =>
    callRemote(mirror, access, 'upload-pack', ['ls-remote'], [ref]),
  );
  for (const line of stdout.split('\n')) {
    const [hash = '', name] = line.split('\t');
    if (name === ref && isCommitHash(hash)) return hash;
  }
  return null;
}

function remoteWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('remote:'));
  return lines.map((line) => line.slice('remote:'.length)).join('\n');
}
