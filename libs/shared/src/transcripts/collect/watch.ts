import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listTranscripts, type TranscriptFile } from '../list-transcripts';
import type { Collector } from './collect';
import type { CollectSummary } from './summary';

/** Between two looks at what was written to lately: a line is found by this even without a hint. */
export const LOOK_MS = 400;
/** What was written to within this time is looked at each time. */
const LATELY_MS = 15 * 60_000;
/** Between two looks at everything: new folders, sessions that ended. */
const WHOLE_MS = 15_000;
/** Lines come in bursts: what follows within this time is read together. */
export const GATHER_MS = 20;

export interface WatchOptions {
  /** The folders with transcripts, as they are now. */
  roots: () => readonly string[];
  onPass: (summary: CollectSummary) => void;
  signal: AbortSignal;
}

/** Follows the transcripts until the signal: a hint of the system, or a look now and then, starts a pass. */
export async function watchTranscripts(
  collector: Collector,
  { roots, onPass, signal }: WatchOptions,
): Promise<void> {
  const hints = new Hints();
  signal.addEventListener('abort', () => hints.wake(), { once: true });
  let folders = new Map<string, number>();
  let lookedAt = -Infinity;
  try {
    while (!signal.aborted) {
      const whole = performance.now() - lookedAt >= WHOLE_MS || foldersChanged(folders);
      if (whole) {
        const current = roots();
        hints.follow(current);
        folders = new Map(listTranscripts(current).folders.map((name) => [name, modified(name)]));
        lookedAt = performance.now();
        onPass(await collector.pass({ signal }));
      } else {
        const files = [...hints.take(), ...lately(collector)].flatMap(fileAt);
        if (files.length > 0) onPass(await collector.pass({ files: unique(files), signal }));
      }
      await hints.wait(LOOK_MS);
    }
  } finally {
    hints.close();
  }
}

/** What the system says has changed, and a bell. */
class Hints {
  private readonly files = new Set<string>();
  private watchers = new Map<string, FSWatcher>();
  private ring: (() => void) | undefined;

  follow(roots: readonly string[]): void {
    for (const [root, watcher] of this.watchers) {
      if (roots.includes(root)) continue;
      watcher.close();
      this.watchers.delete(root);
    }
    for (const root of roots) if (!this.watchers.has(root)) this.begin(root);
  }

  take(): string[] {
    const taken = [...this.files];
    this.files.clear();
    return taken;
  }

  wake(): void {
    this.ring?.();
  }

  async wait(ms: number): Promise<void> {
    if (this.files.size === 0) {
      const over = new AbortController();
      const bell = new Promise<void>((resolve) => (this.ring = resolve));
      const time = pause(ms, undefined, { signal: over.signal }).catch(() => undefined);
      await Promise.race([bell, time]);
      over.abort();
    }
    if (this.files.size > 0) await pause(GATHER_MS);
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher.close();
  }

  private begin(root: string): void {
    try {
      const watcher = watch(root, { recursive: true }, (_, name) => {
        if (name === null || !name.endsWith('.jsonl')) return;
        this.files.add(path.join(root, name));
        this.wake();
      });
      // Without it, looking now and then is enough.
      watcher.on('error', () => this.watchers.delete(root));
      this.watchers.set(root, watcher);
    } catch {
      // The system has no more watchers to give.
    }
  }
}

function lately({ files }: Collector): string[] {
  const since = Date.now() - LATELY_MS;
  return [...files].flatMap(([name, { modifiedMs }]) => (modifiedMs >= since ? [name] : []));
}

/** By the name under which a look at everything knows it, also where a link led there. */
function fileAt(name: string): TranscriptFile[] {
  try {
    const real = realpathSync(name);
    const stat = statSync(real);
    if (!stat.isFile() || !real.endsWith('.jsonl')) return [];
    return [{ path: real, size: stat.size, modifiedMs: stat.mtimeMs }];
  } catch {
    return []; // gone since, or closed to us: a look at everything tells
  }
}

function unique(files: readonly TranscriptFile[]): TranscriptFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function modified(name: string): number {
  return statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** A new file or folder changes the folder that it is in. */
function foldersChanged(folders: ReadonlyMap<string, number>): boolean {
  for (const [name, before] of folders) if (modified(name) !== before) return true;
  return false;
}
