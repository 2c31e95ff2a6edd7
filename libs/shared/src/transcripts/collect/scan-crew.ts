import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { PhrasePattern } from '../../phrases/patterns';
import { createScanner, type ScanResult, type ScanTask } from './scan-task';

export interface CrewOptions {
  machineId: string;
  patterns: readonly PhrasePattern[];
  /** Texts of messages too, from this moment on. */
  textsSince?: string | undefined;
  /** Threads in all, this one among them. Left out: as many as there are processors, at most four. */
  threads?: number;
}

/** Below this much a second thread takes longer to start than it saves. */
const WORTH_A_THREAD = 48 << 20;
const MOST_THREADS = 4;
/** So that a worker has something to do while this thread scans. */
const AHEAD = 2;
/** Beside the bundle of every program that collects; where it is not, one thread does all. */
const WORKER = path.join(__dirname, 'scan-worker.js');

/**
 * Scans slices of transcripts, here and in worker threads, and gives each result to `onResult`, in the
 * order in which they get done; slices of one file come in their order. A file that cannot be read
 * gives an error as its result.
 */
export async function scanAll(
  tasks: readonly ScanTask[],
  options: CrewOptions,
  onResult: (result: ScanResult) => void,
  signal?: AbortSignal,
): Promise<void> {
  const queue = [...tasks].sort((a, b) => a.bytes - b.bytes); // taken from behind: the largest first
  const total = queue.reduce((sum, { bytes }) => sum + bytes, 0);
  const scan = createScanner(options);
  const wanted = options.threads ?? Math.min(os.availableParallelism(), MOST_THREADS);
  const most = Math.min(wanted, tasks.length) - 1; // one file is one thread's
  const helpers = total >= WORTH_A_THREAD && existsSync(WORKER) ? Math.max(0, most) : 0;
  const workers = Array.from({ length: helpers }, () => startWorker(options));
  const settle = (task: ScanTask, result: ScanResult): void => {
    onResult(result);
    if (result.kind === 'scanned' && result.more)
      queue.push({ ...task, before: result.state, bytes: task.bytes - result.bytes });
  };
  try {
    for (;;) {
      if (signal?.aborted === true) return;
      const failed = workers.find(({ error }) => error !== undefined);
      if (failed) throw failed.error;
      for (const worker of workers) {
        while (worker.waiting.length < AHEAD && queue.length > 0) worker.give(queue.pop()!, settle);
      }
      const task = queue.pop();
      if (task !== undefined) settle(task, scan(task));
      else if (workers.every(({ waiting }) => waiting.length === 0)) return;
      else await Promise.race(workers.flatMap(({ waiting }) => waiting.slice(0, 1)));
      if (workers.length > 0) await breathe();
    }
  } finally {
    await Promise.all(workers.map(({ end }) => end()));
  }
}

interface Helper {
  /** One for each task that was given and is not done. */
  waiting: Promise<void>[];
  error: Error | undefined;
  give(task: ScanTask, settle: (task: ScanTask, result: ScanResult) => void): void;
  end(): Promise<unknown>;
}

function startWorker({ machineId, patterns, textsSince }: CrewOptions): Helper {
  const worker = new Worker(WORKER, {
    workerData: { machineId, patterns, textsSince },
    // It keeps next to nothing; a small nursery keeps the whole small.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const pending: ((result: ScanResult | undefined) => void)[] = [];
  const helper: Helper = {
    waiting: [],
    error: undefined,
    give(task, settle) {
      const done = new Promise<void>((resolve) => {
        pending.push((result) => {
          helper.waiting.splice(helper.waiting.indexOf(done), 1);
          if (result !== undefined) settle(task, result);
          resolve();
        });
      });
      helper.waiting.push(done);
      worker.postMessage(task);
    },
    end: () => worker.terminate(),
  };
  worker.on('message', (result: ScanResult) => pending.shift()?.(result));
  worker.on('error', (error) => {
    helper.error = error as Error;
    for (const resolve of pending.splice(0)) resolve(undefined);
  });
  return helper;
}
