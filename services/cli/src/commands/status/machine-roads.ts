import type { Config } from '@coffee-roadmap/shared/config/config';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { findCursor } from '@coffee-roadmap/shared/imports/queries';
import { findIdentity } from '@coffee-roadmap/shared/machines/identity';
import { listMachines } from '@coffee-roadmap/shared/machines/queries';
import { knownRemotes } from '@coffee-roadmap/shared/remotes/known-remotes';
import { roadStates } from '@coffee-roadmap/shared/roads/road-log';
import { recordsBehind } from '@coffee-roadmap/shared/spool/records-behind';

/** How a machine's records come here by one road. */
export interface MachineRoad {
  machine_id: string;
  label: string;
  road: string;
  last_success_at: string | null;
  /** Records on this machine that the database does not have; null: one would have to ask the machine. */
  waiting: number | null;
  /** Why the last try failed; null: it did not, or nobody here knows. */
  problem: string | null;
}

/** Without any database: what the files of this machine know. What waits, only a database can tell. */
export function roadsKnownHere({ paths }: Config): MachineRoad[] {
  const here = findIdentity(paths);
  const waiting = null;
  // Fetching by a road has a line of its own only where that fails.
  const sent = (here === undefined ? [] : Object.entries(roadStates(paths))).filter(
    ([road, { problem }]) => problem !== null || !road.endsWith(' (fetch)'),
  );
  return [
    ...sent.map(([road, { last_success_at, problem }]): MachineRoad => {
      const { machine_id, label } = here!;
      return { machine_id, label, road, last_success_at, waiting, problem };
    }),
    ...Object.entries(knownRemotes(paths)).map(([name, remote]): MachineRoad => {
      const { machine_id, label, last_success_at, problem } = remote;
      return { machine_id, label: label || name, road: 'ssh', last_success_at, waiting, problem };
    }),
  ];
}

/** What the database, and the files of this machine, know of every road. */
export async function readMachineRoads(
  session: Session<'person'>,
  { paths }: Config,
): Promise<MachineRoad[]> {
  const machines = (await listMachines(session)).filter(({ named_only }) => !named_only);
  const here = findIdentity(paths);
  const remotes = Object.entries(knownRemotes(paths));
  const sent = roadStates(paths);
  const known = machines.flatMap(({ id, label, roads }) =>
    Object.entries(roads).map(([road, at]): MachineRoad => {
      const remote =
        road === 'ssh' ? remotes.find(([, { machine_id }]) => machine_id === id)?.[1] : undefined;
      const state = remote ?? (id === here?.machine_id ? sent[road] : undefined);
      // Where nothing new came, only this machine knows of it.
      const times = [new Date(at).toISOString(), state?.last_success_at ?? ''];
      return {
        machine_id: id,
        label,
        road,
        last_success_at: times.sort().at(-1)!,
        waiting: null,
        problem: state?.problem ?? null,
      };
    }),
  );
  const never = remotes
    .filter(
      ([, { machine_id }]) =>
        !known.some((one) => one.machine_id === machine_id && one.road === 'ssh'),
    )
    .map(([name, { problem }]): MachineRoad => {
      const nothing = { last_success_at: null, waiting: null };
      return { machine_id: '', label: name, road: 'ssh', ...nothing, problem };
    });
  const all = [...known, ...never];
  return here === undefined ? all : withWaiting(all, here, sent, { session, paths });
}

/** For this machine what waits can be counted; it is on the list also where it has never reported. */
async function withWaiting(
  all: MachineRoad[],
  here: { machine_id: string; label: string },
  sent: ReturnType<typeof roadStates>,
  { session, paths }: { session: Session<'person'>; paths: Config['paths'] },
): Promise<MachineRoad[]> {
  const own = all.filter(({ machine_id }) => machine_id === here.machine_id);
  const cursors = await Promise.all(
    own.map(({ road }) => findCursor({ session }, here.machine_id, road)),
  );
  const known = cursors.filter((cursor) => cursor !== undefined);
  const waiting = Math.min(
    ...(known.length === 0 ? [undefined] : known).map((after) => recordsBehind(paths, after)),
  );
  for (const one of own) one.waiting = waiting;
  const { machine_id, label } = here;
  // Tried since anything came through, in vain.
  const newest =
    Object.values(sent)
      .map(({ last_success_at: at }) => at ?? '')
      .sort()
      .at(-1) ?? '';
  const failing = Object.entries(sent)
    .filter(([road]) => !own.some((one) => one.road === road))
    .filter(([, { problem, last_try_at: at }]) => problem !== null && at >= newest)
    .map(([road, { last_success_at, problem }]): MachineRoad => {
      return { machine_id, label, road, last_success_at, waiting, problem };
    });
  if (own.length + failing.length > 0) return [...all, ...failing];
  const [road = '', state] = Object.entries(sent)[0] ?? [];
  const problem = state?.problem ?? null;
  const last_success_at = state?.last_success_at ?? null; // it sent, and there was nothing
  return [...all, { machine_id, label, road, last_success_at, waiting, problem }];
}
