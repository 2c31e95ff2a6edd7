import { writeSync } from 'node:fs';
import { noDeeds, type Deeds, type Job } from './job';
import { openOneWaySync, SYNC_EVERY_MS } from './one-way-sync';
import { ROLE } from './roles';
import { openStation, type Station } from './station';

/** One process of a run: takes a job from its parent, says ready, waits for go, tells what it did. */
process.once('disconnect', () => process.exit()); // the parent is gone, or has been told all
process.once('message', (job: Job) => {
  run(job).then(
    () => process.disconnect(),
    (error: unknown) => {
      process.stderr.write(`${(error as Error).stack}\n`);
      process.exit(1);
    },
  );
});

async function run(job: Job): Promise<void> {
  if (job.kind === 'sync') return sync(job);
  if (job.kind === 'victim') return writeUntilKilled(job);
  const deeds = noDeeds();
  const stations: Station[] = [];
  for (const { place } of job.roles) stations.push(await openStation(place));
  await saidGo();
  const end = performance.now() + job.ms;
  await Promise.all(
    job.roles.map(({ role }, i) =>
      ROLE[role]({ name: job.name, station: stations[i]!, deeds, end }),
    ),
  );
  for (const station of stations) await station.close();
  await send(deeds);
}

/** Ends at the parent's second word, after one last copy. */
async function sync({ from, to }: Extract<Job, { kind: 'sync' }>): Promise<void> {
  const copier = openOneWaySync(from, to);
  await saidGo();
  const timer = setInterval(() => copier.copy(), SYNC_EVERY_MS);
  await said();
  clearInterval(timer);
  copier.copy();
  copier.close();
  await send(noDeeds());
}

/** Each acknowledged trace is a line that has left this process before the next one begins. */
async function writeUntilKilled({ name, place }: Extract<Job, { kind: 'victim' }>): Promise<void> {
  const station = await openStation(place);
  await saidGo();
  for (let n = 0; ; n += 1) {
    await station.begin(`${name}-${n}`);
    await station.finish(`${name}-${n}`);
    writeSync(1, `${name}-${n}\n`);
  }
}

async function saidGo(): Promise<void> {
  const heard = said();
  process.send!('ready');
  await heard;
}

const said = (): Promise<void> =>
  new Promise((resolve) => process.once('message', () => resolve()));

const send = (deeds: Deeds): Promise<void> =>
  new Promise((resolve) => process.send!(deeds, () => resolve()));
