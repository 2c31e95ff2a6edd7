/** Chooses the strongest isolation that really works on this machine. */
import { existsSync, realpathSync } from 'node:fs';
import { findExecutable } from '../agents/find-executable';
import { probeAgentUser, type AgentUser } from './agent-user';
import { bubblewrapPrefix, isInside, probeBubblewrap } from './bubblewrap';
import { exposeFile } from './expose-file';
import { listFolder, prepareFolder, prepareRoot, removeFolder } from './folders';
import { findSystemProgram } from './find-program';
import { endLeftovers } from './leftovers';
import { createProcesses } from './process-sandbox';
import { findReadable, findReachableRoot } from './reachable';
import type { Sandbox, SandboxCommand, SandboxKind } from './sandbox';

export interface SandboxOptions {
  /** Where workspaces and homes are wanted; `sandbox.root` says where they are. */
  root: string;
  /** Folders that the agent must never see: our config, data and state, the person's home. */
  hide: string[];
  /** Shown read-only although they lie in a hidden place: a toolchain in the person's home. */
  show?: string[];
  /** False where bubblewrap is not to be used even if it works. */
  bubblewrap?: boolean;
}

/** Opens it, and ends what a killed daemon's agents left running in the same root. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? await probeAgentUser() : undefined;
  const wrapped = await findBubblewrap(options, user);
  const reasons = [user ?? {}, wrapped].flatMap((found) =>
    'reason' in found ? [found.reason] : [],
  );
  const sandbox = await assemble(options, {
    user: user && 'user' in user ? user.user : undefined,
    bubblewrap: 'bubblewrap' in wrapped ? wrapped.bubblewrap : undefined,
    why: reasons.join('; '),
  });
  endLeftovers(sandbox.root);
  return sandbox;
}

async function findBubblewrap(
  options: SandboxOptions,
  user: Awaited<ReturnType<typeof probeAgentUser>> | undefined,
): ReturnType<typeof probeBubblewrap> {
  if (options.bubblewrap === false) return { reason: 'bubblewrap is switched off' };
  if (user === undefined) return probeBubblewrap(true);
  if (!('user' in user)) return { reason: 'bubblewrap alone would leave the agent root' };
  // bubblewrap starts as root, and only setpriv can change the uid inside it.
  if (user.user.prefix.length === 0) return { reason: 'setpriv is not installed' };
  return probeBubblewrap(false);
}

interface Means {
  user: AgentUser | undefined;
  bubblewrap: string | undefined;
  why: string;
}

async function assemble(options: SandboxOptions, means: Means): Promise<Sandbox> {
  const { user, bubblewrap } = means;
  await prepareRoot(options.root, user);
  const wanted = realpathSync(options.root);
  const root = user === undefined ? wanted : await findReachableRoot(wanted, user);
  const hide = options.hide.map(realPath);
  const show = new Set((options.show ?? []).map(realPath));
  const wrapping = {
    root,
    wrappers: bubblewrap === undefined ? 0 : 2,
    wrap: (command: SandboxCommand) => wrap(means, command, { root, hide, show: [...show] }),
  };
  const processes = createProcesses(wrapping);
  const sandbox: Sandbox = {
    ...processes,
    ...(await describe(means, hide)),
    root,
    prepareFolder: (folder) => prepareFolder(root, folder, user),
    removeFolder: (folder) => removeFolder(sandbox, folder),
    listFolder: (folder) => listFolder(root, folder),
    findProgram: async (name, searchPath) => findExecutable(name, searchPath),
    expose: async (file) => {
      const there = await exposeFile(realpathSync(file), root, user);
      show.add(there);
      return there;
    },
    followReach: (receive) => {
      receive(true);
      return () => undefined;
    },
    close: async () => undefined,
  };
  return sandbox;
}

function wrap(
  { user, bubblewrap }: Means,
  { command, args, cwd, env }: SandboxCommand,
  { root, hide, show }: { root: string; hide: string[]; show: string[] },
): { argv: string[]; uid?: number; gid?: number } {
  const own = [cwd, env.HOME ?? cwd].filter((folder) => folder !== root && isInside(folder, root));
  const writable = [...new Set(own)].sort();
  const userNamespace = user === undefined;
  const view = { show, hide, writable, cwd, userNamespace };
  const outer = bubblewrap === undefined ? [] : bubblewrapPrefix({ ...view, bubblewrap });
  const inner = user?.prefix ?? (bubblewrap === undefined ? dieWithUs() : []);
  const bare = user !== undefined && user.prefix.length === 0;
  return {
    argv: [...outer, ...inner, command, ...args],
    ...(bare ? { uid: user.uid, gid: user.gid } : {}),
  };
}

async function describe(
  { user, bubblewrap, why }: Means,
  hide: string[],
): Promise<Pick<Sandbox, 'kind' | 'isolated' | 'description'>> {
  const kind: SandboxKind = user ? 'uid' : bubblewrap ? 'bubblewrap' : 'none';
  const bad = (reason: string) => ({
    kind,
    isolated: false,
    description: `agent not isolated: ${reason}`,
  });
  if (user === undefined && bubblewrap === undefined) return bad(why);
  if (user === undefined) {
    return { kind, isolated: true, description: 'agent in a bubblewrap sandbox of its own' };
  }
  if (bubblewrap !== undefined) {
    const description = `agent runs as uid ${user.uid}, in a bubblewrap sandbox`;
    return { kind, isolated: true, description };
  }
  const open = await findReadable(hide, user);
  if (open.length > 0) {
    return bad(`uid ${user.uid} can read ${open.join(', ')}; chmod 700 it`);
  }
  return { kind, isolated: true, description: `agent runs as uid ${user.uid}` };
}

/** Without a sandbox the agent at least ends with us and gains no rights. */
function dieWithUs(): string[] {
  const setpriv = findSystemProgram('setpriv');
  return setpriv === undefined ? [] : [setpriv, '--no-new-privs', '--pdeathsig', 'KILL', '--'];
}

function realPath(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}
