/** Where the agent, and every git command that touches the agent's files, runs. */
import type { Readable, Writable } from 'node:stream';

export type SandboxKind = 'container' | 'uid' | 'bubblewrap' | 'none';

export interface SandboxCommand {
  command: string;
  args: string[];
  /** With bubblewrap, only this folder and `env.HOME` are writable, where they lie in `root`. */
  cwd: string;
  /** The whole environment of the process but for one random mark: nothing of ours is inherited. */
  env: Record<string, string>;
}

export interface SandboxResult {
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

/** As much of a child process as one in another container has, too. */
export interface SandboxProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** On this machine; undefined where it did not start, or runs in another container. */
  readonly pid?: number;
  readonly exitCode: number | null;
  readonly signalCode: NodeJS.Signals | null;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit' | 'close', listener: ProcessEndListener): unknown;
  once(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'exit' | 'close', listener: ProcessEndListener): unknown;
}

type ProcessEndListener = (code: number | null, signal: NodeJS.Signals | null) => void;

export interface Sandbox {
  readonly kind: SandboxKind;
  /** False only for `none`: then status and doctor say `agent not isolated`. */
  readonly isolated: boolean;
  /** One line for status and doctor. */
  readonly description: string;
  /**
   * The folder in which workspaces and homes must lie. Not always the one that was asked for:
   * another uid does not reach a folder under somebody's 0700 home.
   */
  readonly root: string;
  /** Makes a folder that the sandboxed processes own, and nobody else but us can read. */
  prepareFolder(folder: string): Promise<void>;
  /** Removes a folder and what is in it, whoever owns it. */
  removeFolder(folder: string): Promise<void>;
  /** The names in a folder inside `root`; none where there is no such folder. */
  listFolder(folder: string): Promise<string[]>;
  /** The real path of a program as the sandbox has it, named by path or by name on `searchPath`. */
  findProgram(name: string, searchPath: string): Promise<string | undefined>;
  /** In a process group of its own, so that the whole tree can be held, released and ended. */
  spawn(command: SandboxCommand): SandboxProcess;
  /** Runs to the end. stdout beyond `maxBytes` (default 64 MiB) ends the process with an error. */
  run(
    command: SandboxCommand & { input?: string; maxBytes?: number; timeoutMs?: number },
  ): Promise<SandboxResult>;
  /**
   * Makes a file that lies in a hidden or unreachable place (the agent's program, our own node)
   * readable inside, never writable. Returns its path there.
   */
  expose(file: string): Promise<string>;
  /** Signals the process and all its descendants, also those that left its process group. */
  signal(process: SandboxProcess, signal: NodeJS.Signals): void;
  /** SIGTERM, after `graceMs` SIGKILL; resolves when no process of the tree is left. */
  end(process: SandboxProcess, graceMs: number): Promise<void>;
  /**
   * Called at once and at every change: false while the sandbox cannot be reached, and then nothing
   * of what ran in it runs any more. Returns what ends it.
   */
  followReach(receive: (reached: boolean) => void): () => void;
  /** Lets go of the sandbox; what still runs in it ends. */
  close(): Promise<void>;
}
