import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The stack that global-setup brought up, on a port and under a name of its own. */
export interface ComposeStack {
  /** The clone. */
  folder: string;
  project: string;
  port: number;
  dashboardPort: number;
  env: Record<string, string | undefined>;
  /** What `docker compose` prints; rejects when it fails. */
  compose(...args: string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  /** The cli service's answer to a command with --json. */
  cli<T>(...args: string[]): Promise<T>;
  /** The host's own program, with a home of its own. */
  host(...args: string[]): { status: number | null; stdout: string; stderr: string };
  /** That program, and its environment. */
  program: string;
  hostEnv(): Record<string, string>;
  /** SQL as the superuser, in the postgres container. */
  sql(text: string): Promise<string>;
  /** A shell command in the service's container. */
  exec(service: string, script: string): Promise<string>;
  /** Waits until `look` gives something; throws with what it threw last. */
  until<T>(
    what: string,
    look: () => Promise<T | undefined | false>,
    timeoutMs?: number,
  ): Promise<T>;
  untilState(title: string, state: string): Promise<void>;
  /** The id of the one question that waits. */
  question(): Promise<number>;
  /** The container's id. */
  container(service: string): Promise<string>;
  /** The host's address on the bridge of a network. */
  gateway(network: string): Promise<string>;
}

/** `settings`: what somebody would have in .env. */
export function openComposeStack(settings: Record<string, string> = {}): ComposeStack {
  const folder = process.env.COFFEE_COMPOSE_CLONE!;
  const project = path.basename(folder).toLowerCase();
  const number = [...project].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  const port = 20_000 + (number % 5_000);
  const dashboardPort = port + 5_000;
  const home = path.join(folder, `home-${randomBytes(4).toString('hex')}`);
  const env = {
    PATH: process.env.PATH,
    HOME: os.homedir(),
    DOCKER_HOST: process.env.DOCKER_HOST,
    COMPOSE_PROJECT_NAME: project,
    COFFEE_ROADMAP_TAG: 'test',
    COFFEE_ROADMAP_PORT: String(port),
    COFFEE_ROADMAP_DASHBOARD_PORT: String(dashboardPort),
    ...settings,
  };
  const program = path.join(folder, 'dist', 'coffee-roadmap.js');
  const hostEnv = (): Record<string, string> => {
    mkdirSync(home, { recursive: true });
    return { PATH: env.PATH ?? '', HOME: home, COFFEE_ROADMAP_PORT: String(port) };
  };
  const docker = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('docker', args, { cwd: folder, env, maxBuffer: 64 << 20 });
    return stdout.trim();
  };
  const compose = (...args: string[]) => docker('compose', ...args);
  const exec = (service: string, script: string) =>
    compose('exec', '-T', service, 'sh', '-c', script);
  const sql = (text: string): Promise<string> => {
    const quoted = text.replaceAll("'", "'\\''");
    const psql = `psql -h 127.0.0.1 -U postgres -d coffee_roadmap -v ON_ERROR_STOP=1 -Atc '${quoted}'`;
    return exec('postgres', `PGPASSWORD=$(cat /secrets/superuser/password) ${psql}`);
  };

  const until: ComposeStack['until'] = async (what, look, timeoutMs = 60_000) => {
    const end = Date.now() + timeoutMs;
    let last: unknown;
    while (Date.now() < end) {
      const found = await look().catch((error: unknown) => void (last = error));
      if (found !== undefined && found !== false) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const logs = await compose('logs', '--tail=40', 'daemon', 'agent').catch(String);
    const steps = await sql(
      `select at, attempt_id, kind, summary from coffee.attempt_steps order by id desc limit 10`,
    ).catch(String);
    const told = `${logs}\nlast steps of all:\n${steps}`;
    throw new Error(`${what}: not within ${timeoutMs} ms; last: ${String(last)}\n${told}`);
  };

  return {
    ...{
      folder,
      project,
      port,
      dashboardPort,
      env,
      program,
      hostEnv,
      docker,
      compose,
      exec,
      sql,
      until,
    },
    cli: async (...args) =>
      JSON.parse(await compose('run', '--rm', '-T', 'cli', ...args, '--json')) as never,
    host: (...args) =>
      spawnSync(process.execPath, [program, ...args], {
        ...{ encoding: 'utf8', env: hostEnv(), input: '', timeout: 60_000 },
      }),
    container: (service) => compose('ps', '-aq', service),
    gateway: (network) => {
      const format = '{{(index .IPAM.Config 0).Gateway}}';
      return docker('network', 'inspect', '-f', format, `${project}_${network}`);
    },
    untilState: async (title, state) => {
      const look = `select state from coffee.roadmap_items where title = '${title}'`;
      await until(`${title} ${state}`, async () => (await sql(look)) === state);
    },
    question: () =>
      until('a question', async () => {
        const id = await sql(
          `select id from coffee.notifications where state = 'pending' and kind = 'question'`,
        );
        return id === '' ? undefined : Number(id);
      }),
  };
}
