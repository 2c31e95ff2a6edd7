import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A network namespace that has one cable, to this machine: packets really come from elsewhere. */
export interface OtherMachine {
  /** This machine's address on the cable. */
  address: string;
  /** Runs node with these arguments there. */
  node(...args: string[]): { status: number | null; stdout: string; stderr: string };
  remove(): void;
}

/** Needs root. `name`: what it calls this machine. */
export function openOtherMachine(folder: string, name: string): OtherMachine {
  const id = `cr${randomBytes(4).toString('hex')}`;
  const net = `10.213.${randomInt(256)}`;
  const address = `${net}.1`;
  const home = path.join(folder, id);
  mkdirSync(home);
  const hosts = path.join(home, 'hosts');
  writeFileSync(hosts, `127.0.0.1 localhost\n${address} ${name}\n`);
  const ip = (...args: string[]) =>
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  ip('netns', 'add', id);
  ip('link', 'add', `${id}h`, 'type', 'veth', 'peer', 'name', `${id}c`, 'netns', id);
  ip('addr', 'add', `${address}/30`, 'dev', `${id}h`);
  ip('link', 'set', `${id}h`, 'up');
  ip('-n', id, 'addr', 'add', `${net}.2/30`, 'dev', `${id}c`);
  ip('-n', id, 'link', 'set', `${id}c`, 'up');
  ip('-n', id, 'link', 'set', 'lo', 'up');
  return {
    address,
    node(...args) {
      const there = `mount --bind ${hosts} /etc/hosts && exec "$@"`;
      const enter = [`--net=/run/netns/${id}`, 'unshare', '--mount', 'sh', '-ec', there, 'sh'];
      return spawnSync('nsenter', [...enter, process.execPath, ...args], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: home },
        input: '',
        timeout: 60_000,
      });
    },
    remove: () => void ip('netns', 'del', id),
  };
}
