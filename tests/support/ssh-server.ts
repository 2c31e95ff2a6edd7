import { freePort } from '@coffee-roadmap/shared/postgres/ports';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { answers } from './answers';
import { until } from './until';

/** A machine that one reaches by ssh: a real sshd of its own, a home of its own. */
export interface SshMachine {
  alias: string;
  home: string;
  /** Before what is in the PATH of its shells. */
  bin: string;
}

/** Several machines, and the ssh client that knows them. */
export interface SshNetwork {
  machine(alias: string): Promise<SshMachine>;
  /** The client, in words. */
  words: readonly string[];
  /** The same for COFFEE_ROADMAP_SSH. */
  command: string;
  /** Another name for a machine, with further lines of ssh's configuration. */
  alias(name: string, machine: SshMachine, ...lines: string[]): void;
  portOf(machine: SshMachine): number;
  close(): void;
}

/** Undefined where the system has none. */
export const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd'].find(existsSync);

export function openSshNetwork(): SshNetwork {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-ssh-'));
  const config = path.join(folder, 'client config');
  const servers: ChildProcess[] = [];
  const ports = new Map<string, number>();
  keygen(path.join(folder, 'client'));
  keygen(path.join(folder, 'host'));
  writeFileSync(config, '');
  const network: SshNetwork = {
    words: ['ssh', '-F', config],
    command: `ssh -F "${config}"`,
    async machine(alias) {
      const home = path.join(folder, `home of ${alias}`);
      const bin = path.join(folder, `bin-${alias}`);
      for (const made of [home, bin]) mkdirSync(made, { mode: 0o700 });
      const port = (await freePort(0))!;
      servers.push(startServer(folder, alias, port, { home, bin }));
      await until(`the sshd of ${alias} listens`, () => answers(port));
      ports.set(alias, port);
      const machine = { alias, home, bin };
      network.alias(alias, machine);
      return machine;
    },
    alias(name, { alias }, ...lines) {
      const host = [
        `Host ${name}`,
        'HostName 127.0.0.1',
        `Port ${ports.get(alias)}`,
        `User ${os.userInfo().username}`,
        `IdentityFile "${path.join(folder, 'client')}"`,
        'IdentitiesOnly yes',
        'StrictHostKeyChecking no',
        'UserKnownHostsFile /dev/null',
        ...lines,
      ];
      writeFileSync(config, `${host.join('\n  ')}\n`, { flag: 'a', mode: 0o600 });
    },
    portOf: ({ alias }) => ports.get(alias)!,
    close() {
      for (const server of servers) server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return network;
}

function startServer(
  folder: string,
  alias: string,
  port: number,
  { home, bin }: Pick<SshMachine, 'home' | 'bin'>,
): ChildProcess {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const file = path.join(folder, `server-${alias}`);
  const place = path.dirname(process.execPath);
  writeFileSync(
    file,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${path.join(folder, 'host')}`,
      `AuthorizedKeysFile ${path.join(folder, 'client.pub')}`,
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PidFile none',
      'MaxStartups 100',
      `SetEnv "HOME=${home}" "PATH=${bin}:${place}:/usr/bin:/bin" TZ=UTC`,
      '',
    ].join('\n'),
  );
  return spawn(SSHD!, ['-D', '-e', '-f', file], { stdio: 'ignore' });
}

function keygen(file: string): void {
  const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr?.toString() ?? 'missing'}`);
}
