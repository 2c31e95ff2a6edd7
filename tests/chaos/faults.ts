import type { Dice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { setTimeout as pass } from 'node:timers/promises';
import { query } from '../support/database';
import type { Scene } from './scene';

/** Something goes wrong, lasts, and is mended; resolves with what it was. */
export type Fault = (scene: Scene, dice: Dice, lastsMs: number) => Promise<string>;

export type FaultKind = 'restart' | 'killed' | 'full' | 'cut' | 'unplugged' | 'clock';

const DAY_S = 86_400;

const BACKENDS = `select pid, usename from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and usename is not null order by pid`;

const backends = (scene: Scene): Promise<{ pid: number; usename: string }[]> =>
  query(scene.postgres.database.superuserUrl, BACKENDS);

/** The server is told to stop and, a while later, started. */
const restart: Fault = async ({ postgres }, _dice, lastsMs) => {
  await postgres.stop();
  await pass(lastsMs);
  await postgres.start();
  return `the database stopped for ${lastsMs} ms`;
};

/** Some backends are ended politely, or one by SIGKILL, after which the server throws everybody out. */
const killed: Fault = async (scene, dice) => {
  const found = await backends(scene);
  const chosen = found.filter(() => dice.chance(0.5));
  if (dice.chance(0.5) && found.length > 0) {
    const { pid, usename } = dice.pick(found);
    const was = killIfThere(pid) ? 'was killed by SIGKILL' : 'ended before it was killed';
    return `a backend of ${usename} ${was}`;
  }
  await query(
    scene.postgres.database.superuserUrl,
    'select pg_terminate_backend(pid) from unnest($1::int[]) pid',
    [chosen.map(({ pid }) => pid)],
  );
  return `${chosen.length} of ${found.length} backends were ended`;
};

function killIfThere(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** No room for another page; half of the time none for another segment of the log of changes either. */
const full: Fault = async ({ postgres }, dice, lastsMs) => {
  const { superuserUrl } = postgres.database;
  try {
    // The server may give room back meanwhile, by removing old segments of that log.
    do postgres.volume!.fill(0);
    while (await findsRoom(superuserUrl));
    const both = dice.chance(0.5);
    if (both) await query(superuserUrl, 'select pg_switch_wal()').catch(() => undefined);
    await pass(lastsMs);
    return `the disk was full for ${lastsMs} ms${both ? ', for the log of changes too' : ''}`;
  } finally {
    postgres.volume!.free();
    await postgres.start(); // where the log of changes found no room, the server has ended
  }
};

async function findsRoom(superuserUrl: string): Promise<boolean> {
  const more = `create table public.more as select repeat(n::text, 99) from generate_series(1, 9999) n`;
  return query(superuserUrl, `${more}; drop table public.more`).then(
    () => true,
    () => false,
  );
}

/** One program's connections break, or what it sends comes nowhere. */
const cut: Fault = async ({ roads, slack }, dice, lastsMs) => {
  const [name, road] = dice.pick([...roads]);
  const silently = dice.chance(0.5);
  if (silently) road.swallow();
  else road.cut();
  if (name === 'slackbot') slack.socket.drop();
  await pass(lastsMs);
  await road.mend();
  return `the road of ${name} was ${silently ? 'silent' : 'cut'} for ${lastsMs} ms`;
};

/** The second daemon's cable is out: packets are lost, and what it calls cannot be reached. */
const unplugged: Fault = async ({ cable }, _dice, lastsMs) => {
  cable!.unplug();
  await pass(lastsMs);
  cable!.plugIn();
  return `the cable of second was out for ${lastsMs} ms`;
};

/** One program's clock is wrong by up to three days, and then right again. */
const clock: Fault = async ({ clocks, slack }, dice, lastsMs) => {
  const [name, its] = dice.pick([...clocks]);
  const seconds = dice.below(6 * DAY_S) - 3 * DAY_S;
  its.move(seconds);
  // To be waited for by the clock as it is then.
  if (name === 'slackbot')
    for (const method of ['chat.postMessage', 'chat.update'])
      slack.fail(method, { kind: 'limited', retryAfterS: 1 });
  await pass(lastsMs + 1_000); // it is looked at once a second
  its.move(0);
  return `the clock of ${name} was wrong by ${(seconds / DAY_S).toFixed(2)} days for ${lastsMs} ms`;
};

/** Those that can be made here; the others are named on stderr. */
export function faultsFor({ postgres, clocks, cable }: Scene): Map<FaultKind, Fault> {
  const faults = new Map<FaultKind, Fault>([
    ['restart', restart],
    ['killed', killed],
    ['cut', cut],
  ]);
  if (postgres.volume !== undefined) faults.set('full', full);
  else process.stderr.write('skipped: no disk is filled, because only root may mount one\n');
  if (cable !== undefined) faults.set('unplugged', unplugged);
  else
    process.stderr.write('skipped: no cable is pulled, because only root may lay one, with ip\n');
  if (clocks.size > 0) faults.set('clock', clock);
  else process.stderr.write('skipped: no clock is moved, because there is no libfaketime\n');
  return faults;
}
