import { quantile } from '../figures/statistics';
import { hire, type Member } from './crew';
import type { Ground } from './ground';
import { noDeeds, ROLES, type Deeds, type Job, type RoleName } from './job';
import type { Place } from './place';
import { openStation } from './station';

export interface Run {
  writesPerSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  longest: number;
  readP50: number;
  seenP50: number;
  seenP99: number;
  busy: number;
  /** Rounds of the daemon that got least, as a share of the one that got most; 1 for one daemon. */
  least: number;
  /** Acknowledged writes that the other side never sees. */
  lost: number;
  /** Rows that the other side goes on seeing as they were before. */
  stale: number;
  /** Questions that were answered twice. */
  doubled: number;
}

/** As many processes as asked, the four roles dealt out among them, for so many milliseconds. */
export async function runWorkload(
  ground: Ground,
  { processes, ms, name }: { processes: number; ms: number; name: string },
): Promise<Run> {
  const jobs: Extract<Job, { kind: 'work' }>[] = [];
  for (let n = 0; n < Math.max(processes, ROLES.length); n += 1) {
    const role = ROLES[n % ROLES.length]!;
    const place = await placeOf(ground, role, Math.floor(n / ROLES.length));
    const job = (jobs[n % processes] ??= {
      ...{ kind: 'work', ms, roles: [] },
      name: `${name}-${n}`,
    });
    job.roles.push({ role, place });
  }
  const members: Member[] = [];
  try {
    const copier = ground.copies && (await hire({ kind: 'sync', ...ground.copies }));
    if (copier !== undefined) members.push(copier);
    const workers = await Promise.all(jobs.map((job) => hire(job)));
    members.push(...workers);
    for (const member of members) member.say();
    const deeds = await Promise.all(workers.map((worker) => worker.deeds));
    copier?.say(); // copies once more, so that nothing is missing for want of time
    await copier?.deeds;
    return await judge(ground, jobs, deeds, ms);
  } finally {
    for (const { process } of members) process.kill('SIGKILL');
  }
}

function placeOf(ground: Ground, role: RoleName, n: number): Place | Promise<Place> {
  if (role === 'daemon') return ground.daemon(n);
  return role === 'slackbot' ? ground.slackbot : ground.person;
}

async function judge(
  ground: Ground,
  jobs: Extract<Job, { kind: 'work' }>[],
  deeds: Deeds[],
  ms: number,
): Promise<Run> {
  const all = noDeeds();
  for (const one of deeds) {
    for (const key of ['writes', 'seen', 'reads'] as const) all[key].push(...one[key]);
    for (const key of ['begun', 'finished'] as const) all[key].push(...one[key]);
    all.answered.push(...one.answered);
    all.busy += one.busy;
  }
  const people = await keptAt(ground.person);
  const place = jobs.flatMap(({ roles }) => roles).find(({ role }) => role === 'daemon')!.place;
  const daemon = ground.copies === undefined ? people : await keptAt(place);
  const counts = deeds
    .filter((_, i) => jobs[i]!.roles.some(({ role }) => role === 'daemon'))
    .map(({ finished }) => finished.length);
  const answers = new Map(all.answered);
  return {
    writesPerSecond: all.writes.length / (ms / 1000),
    p50: quantile(all.writes, 0.5),
    p99: quantile(all.writes, 0.99),
    longest: all.writes.reduce((most, one) => Math.max(most, one), 0),
    readP50: quantile(all.reads, 0.5),
    seenP50: quantile(all.seen, 0.5),
    seenP99: quantile(all.seen, 0.99),
    busy: all.busy,
    least: Math.min(...counts) / Math.max(1, ...counts),
    lost:
      all.begun.filter((id) => !people.traces.has(id)).length +
      [...answers].filter(([id, answer]) => daemon.answers.get(id) !== answer).length,
    stale: all.finished.filter((id) => people.traces.get(id) === false).length,
    doubled: all.answered.length - answers.size,
  };
}

async function keptAt(place: Place) {
  const station = await openStation(place);
  try {
    return await station.kept();
  } finally {
    await station.close();
  }
}
