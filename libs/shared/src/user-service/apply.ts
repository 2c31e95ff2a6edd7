import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';
import type { ServicePlan } from './plan';

export interface ServiceStatus {
  installed: boolean;
  running: boolean;
}

const PATIENCE_MS = 20_000;
const LOOK_MS = 200;

/** Writes the files and starts the service; the same a second time changes nothing but the program. */
export function installService(plan: ServicePlan): void {
  if (plan.system === 'launchd' && serviceStatus(plan).running) {
    runAll(plan.remove);
    waitForEnd(plan);
  }
  for (const { file, content } of plan.files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
  }
  runAll(plan.install);
}

/** Ends the service and takes its files away; false where there was none. */
export function removeService(plan: ServicePlan): boolean {
  const { installed, running } = serviceStatus(plan);
  if (!installed && !running) return false;
  const [first = [], ...then] = plan.remove;
  const failed = run(first);
  for (const { file } of plan.files) rmSync(file, { force: true });
  for (const command of then) run(command);
  if (failed !== undefined && running) throw failed;
  return true;
}

export function serviceStatus(plan: ServicePlan): ServiceStatus {
  const installed = plan.files.every(({ file }) => existsSync(file));
  return { installed, running: run(plan.status) === undefined };
}

/** Whether the installed files are those that would be installed now. */
export function isCurrent(plan: ServicePlan): boolean {
  return plan.files.every(
    ({ file, content }) => existsSync(file) && readFileSync(file, 'utf8') === content,
  );
}

/** launchctl may come back before the service has ended, and until then none of its name begins. */
function waitForEnd(plan: ServicePlan): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const last = Date.now() + PATIENCE_MS;
  while (serviceStatus(plan).running && Date.now() < last) Atomics.wait(clock, 0, 0, LOOK_MS);
}

function runAll(commands: readonly string[][]): void {
  for (const command of commands) {
    const failed = run(command);
    if (failed !== undefined) throw failed;
  }
}

function run([program = '', ...args]: readonly string[]): AppError | undefined {
  const { status, error, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  if (status === 0) return undefined;
  const why = error?.message ?? stderr.trim().split('\n')[0] ?? '';
  return new AppError(
    'failed',
    `${program} ${args.join(' ')} failed: ${why || `exit code ${status}`}`,
    {
      hint: 'Without it, run coffee-roadmap collect --watch by other means; --dry-run shows what a service needs.',
      cause: error,
    },
  );
}
