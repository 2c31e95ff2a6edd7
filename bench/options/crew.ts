import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Deeds, Job } from './job';

/** A process that is ready and waits. */
export interface Member {
  process: ChildProcess;
  /** Said once to begin; to the one that copies a second time to end. */
  say(): void;
  /** Rejects when it ends without having told. */
  deeds: Promise<Deeds>;
}

/** Starts a process of its own for the job; with `lines` its output can be read. */
export async function hire(job: Job, { lines = false } = {}): Promise<Member> {
  const child = fork(path.join(projectRoot(), 'dist', 'bench-options-process.js'), {
    stdio: ['ignore', lines ? 'pipe' : 'ignore', 'inherit', 'ipc'],
    execArgv: ['--enable-source-maps'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`a process of the run ended early (${code ?? signal})`);
  });
  ended.catch(() => undefined);
  child.send(job);
  await Promise.race([once(child, 'message'), ended]);
  const deeds = Promise.race([once(child, 'message').then(([found]) => found as Deeds), ended]);
  deeds.catch(() => undefined);
  return { process: child, say: () => void child.send('go'), deeds };
}
