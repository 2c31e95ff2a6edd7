import { AppError } from '../errors';
import { branchRef } from '../git/branch-name';
import type { Credential } from '../git/credential';
import { ensureMirror } from '../git/ensure-mirror';
import { withMirrorLock } from '../git/mirror-lock';
import { findRemoteRef, pushRef } from '../git/push-ref';
import { findCommit } from '../git/refs';
import { callRemote, withRetries, type RemoteAccess } from '../git/remote';
import { runGit } from '../git/run-git';
import { MANIFEST, parseEntryName, parseShardName } from '../shards/shard-name';
import { Blobs } from './git-blobs';
import { withRemoteHints } from './remote-trouble';
import type { Changes, CompareAndSwapStore, Revision, Snapshot, StoredFile } from './store';

export interface GitStoreOptions {
  url: string;
  branch: string;
  credential?: Credential;
  /** A folder of ours for a bare copy of the remote; made where it is not there. */
  mirror: string;
  /** As of RemoteAccess. */
  retryDelaysMs?: number[];
  now?: () => Date;
}

const SEEN = 'refs/coffee/seen';
/** Files up to this are read all at once. */
const SMALL_BYTES = 64 << 10;

/**
 * Files at the top of one branch of any git remote. A push moves the branch from the commit that was read,
 * or is refused: that is the compare-and-swap, by git itself. Other files in the branch stay.
 */
export class GitStore implements CompareAndSwapStore {
  readonly kind = 'git';
  readonly textOnly = false;
  /** The history of the branch is the backup. */
  readonly dailySnapshots = false;
  private readonly ref: string;
  private readonly access: RemoteAccess;
  private made = false;
  private readonly blobs: Blobs;
  private last: Snapshot | undefined;

  constructor(private readonly options: GitStoreOptions) {
    this.ref = branchRef(options.branch);
    this.blobs = new Blobs(options.mirror);
    const { url, credential, retryDelaysMs } = options;
    this.access = {
      url,
      ...(credential && { credential }),
      ...(retryDelaysMs && { retryDelaysMs }),
    };
  }

  async read(): Promise<Snapshot> {
    const commit = await withRemoteHints(() => this.fetch());
    return commit === null ? { version: null, files: new Map() } : this.readAt(commit);
  }

  async readAt(version: string): Promise<Snapshot> {
    if (this.last?.version === version) return this.last;
    const gitDir = this.options.mirror;
    const { stdout } = await runGit(['ls-tree', '-l', '-z', '--full-tree', version], { gitDir });
    const files = new Map<string, StoredFile>();
    const small: string[] = [];
    for (const line of stdout.split('\0')) {
      const [, hash, size, name] =
        /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
      if (hash === undefined || name === undefined) continue;
      files.set(name, { bytes: Number(size), read: () => this.blobs.read(hash, Number(size)) });
      if (isOurs(name) && Number(size) <= SMALL_BYTES) small.push(hash);
    }
    await this.blobs.prefetch(small);
    this.last = { version, files };
    return this.last;
  }

  async swap(expected: Snapshot, changes: Changes, message: string): Promise<Snapshot | 'moved'> {
    const commit = await this.commit(expected, changes, message);
    const { ref } = this;
    const move = { ref, commit, expected: expected.version };
    const end = await withRemoteHints(() => pushRef(this.options.mirror, this.access, move));
    if (end.kind === 'moved') return 'moved';
    if (end.kind !== 'refused') return this.after(expected, changes, commit);
    // A remote that is busy with another push to the branch says so in many ways; where it has moved since
    // is plain enough.
    const found = await findRemoteRef(this.options.mirror, this.access, ref);
    if (found !== expected.version)
      return found === commit ? this.after(expected, changes, commit) : 'moved';
    throw new AppError('not_allowed', `the remote refuses the push: ${end.reason}`, {
      hint: 'Does your token or key allow to write there, and is the branch not protected?',
    });
  }

  /** What is there behind a commit of ours, without asking git. */
  private after(expected: Snapshot, changes: Changes, commit: string): Snapshot {
    const files = new Map(expected.files);
    for (const [name, content] of changes) {
      if (content === null) files.delete(name);
      else files.set(name, this.ownFile(commit, name, content));
    }
    this.last = { version: commit, files };
    return this.last;
  }

  private ownFile(commit: string, name: string, content: Buffer): StoredFile {
    const bytes = content.length;
    if (bytes <= SMALL_BYTES) return { bytes, read: () => Promise.resolve(content) };
    // Left to git, so that it does not stay in memory.
    return { bytes, read: () => this.blobs.read(`${commit}:${name}`, bytes) };
  }

  async history(): Promise<Revision[]> {
    const commit = await withRemoteHints(() => this.fetch());
    if (commit === null) return [];
    const gitDir = this.options.mirror;
    const format = ['log', '--first-parent', '-n', '10000', '--format=%H %ct', commit];
    const { stdout } = await runGit(format, { gitDir });
    return stdout.split('\n').flatMap((line) => {
      const [version = '', seconds] = line.split(' ');
      if (seconds === undefined) return [];
      return [{ version, at: new Date(Number(seconds) * 1000).toISOString() }];
    });
  }

  /** Brings what the branch leads to into the mirror; null: there is no such branch yet. */
  private async fetch(): Promise<string | null> {
    const { mirror, url } = this.options;
    if (!this.made) await ensureMirror({ folder: mirror, url });
    this.made = true;
    const there = await findRemoteRef(mirror, this.access, this.ref);
    if (there === null || there === this.last?.version) return there;
    const flags = [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
    ];
    await withMirrorLock(mirror, () =>
      withRetries(this.access, () =>
        callRemote(mirror, this.access, 'upload-pack', flags, [`+${this.ref}:${SEEN}`]),
      ),
    );
    // It may have moved on since it was asked.
    return (await findCommit(mirror, SEEN)) ?? null;
  }

  /** A commit on top of what was read; nothing outside of the mirror changes. */
  private async commit(expected: Snapshot, changes: Changes, message: string): Promise<string> {
    const { mirror, now = () => new Date() } = this.options;
    const subject = Buffer.from(`${message.replace(/\p{Cc}/gu, ' ')}\n`);
    const seconds = Math.floor(now().getTime() / 1000);
    const parts: (string | Buffer)[] = [
      `commit refs/coffee/next\nmark :1\n`,
      `committer coffee-roadmap <coffee-roadmap@localhost> ${seconds} +0000\n`,
      `data ${subject.length}\n`,
      subject,
      expected.version === null ? '' : `from ${expected.version}\n`,
    ];
    for (const [name, bytes] of changes) {
      if (bytes === null) parts.push(`D ${name}\n`);
      else parts.push(`M 100644 inline ${name}\ndata ${bytes.length}\n`, bytes, '\n');
    }
    parts.push('\nget-mark :1\n');
    const input = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const flags = ['fast-import', '--quiet', '--force', '--date-format=raw'];
    const { stdout } = await runGit(flags, {
      gitDir: mirror,
      input,
      timeoutMs: 600_000,
      // Shards are compressed already, or small.
      config: [
        ['pack.compression', '1'],
        ['core.compression', '1'],
      ],
    });
    const commit = /^([0-9a-f]{40,64})$/m.exec(stdout)?.[1];
    if (commit === undefined) throw new AppError('git_failed', 'git made no commit');
    return commit;
  }
}

const isOurs = (name: string): boolean =>
  name === MANIFEST || parseEntryName(name) !== undefined || parseShardName(name) !== undefined;
