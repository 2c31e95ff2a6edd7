import { throwDice } from '../../transcripts/testing/dice';
import { deriveManifest } from '../../shards/manifest';
import { linesOf } from '../../shards/shard-content';
import { readRemote } from '../read-remote';
import type { CompareAndSwapStore } from '../store';
import { SimulatedMachine, type Step, type Weather } from './machine';
import { SharedReads } from './shared-reads';
import { Turns } from './turns';

const MACHINES = 10;
const MOST_ROUNDS = 2;
/** Mostly few, because what is rare comes with few too, and sooner. */
const AWAKE = [2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 10];

export interface SimulateOptions {
  seed: number;
  /** The way of one machine to what all share. */
  open: (machine: number, step: Step) => CompareAndSwapStore;
  /** Machines that are awake at the same time in the storm. */
  awake?: number;
  /** What each of these does. */
  actions?: number;
  /** For a remote that is dear to read; see SharedReads. */
  shareReads?: boolean;
}

/**
 * Ten machines collect, push, pull, crash, lose the network, have wrong clocks, prune their spools; one
 * may be lost for good. Then it is quiet: within two rounds each must hold every record that is safe or
 * whose machine lives, the remote each line once, and the manifest must be right. Throws what is not so.
 */
export async function simulate({
  seed,
  open,
  awake,
  actions = 3,
  shareReads = false,
}: SimulateOptions): Promise<{ rounds: number; steps: number }> {
  const dice = throwDice(seed);
  const busy = awake ?? dice.pick(AWAKE);
  const turns = new Turns(dice);
  let weather: Weather = { crash: dice.pick([0, 0.05, 0.2]), offline: dice.pick([0, 0.1, 0.3]) };
  const reads = new SharedReads();
  const openFor: typeof open = (machine, step) =>
    shareReads ? reads.over(open(machine, step)) : open(machine, step);
  const machines = Array.from(
    { length: MACHINES },
    (_, n) => new SimulatedMachine(n, dice, turns, openFor, () => weather),
  );
  const storm = Array.from({ length: busy }, () => dice.pick(machines));
  await turns.run(
    [...new Set(storm)].map((machine) => async () => {
      for (let i = 0; i < actions; i += 1) {
        const action = dice.below(5);
        if (action < 2) machine.collect();
        if (action === 1 || action === 2) await machine.push();
        if (action === 3) await machine.pull();
        if (action === 4) await machine.sync();
      }
    }),
  );
  weather = { crash: 0, offline: 0 };
  const lost = dice.chance(0.2) ? dice.pick(machines) : undefined;
  const living = machines.filter((machine) => machine !== lost);
  const expected = new Set(
    machines.flatMap((one) => (one === lost ? one.made.slice(0, one.safe) : one.made)),
  );
  let rounds = 0;
  const same = (): boolean => living.every(({ hub }) => holdsAll(hub, expected));
  while (!same()) {
    rounds += 1;
    must(rounds <= MOST_ROUNDS, 'not the same everywhere after two quiet rounds');
    const tasks = living.map((machine) => () => machine.sync());
    // Each once, in any order; in some simulations all at the same time.
    const together = dice.chance(0.05);
    if (together) await turns.run(tasks.splice(0));
    while (tasks.length > 0 && !same()) await turns.run(tasks.splice(dice.below(tasks.length), 1));
  }
  await checkRemote(
    open(-1, (work) => work()),
    expected,
    machines.flatMap(({ made }) => made),
  );
  return { rounds, steps: expected.size };
}

async function checkRemote(
  store: CompareAndSwapStore,
  expected: ReadonlySet<string>,
  made: readonly string[],
): Promise<void> {
  const snapshot = await store.read();
  const remote = await readRemote(snapshot);
  must(remote.refused.length === 0, `refused: ${JSON.stringify(remote.refused)}`);
  const seen = new Set<string>();
  for (const { shards } of remote.machines) {
    for (const shard of shards) {
      for (const bytes of linesOf(await shard.read())) {
        const line = bytes.toString();
        must(!seen.has(line), 'a line is there twice');
        seen.add(line);
      }
    }
  }
  must(holdsAll(seen, expected), 'a record is lost');
  must(holdsAll(new Set(made), seen), 'a record was never made');
  if (snapshot.version === null) return;
  const entries = remote.machines.map(({ entry }) => entry!);
  const manifest = deriveManifest(entries, remote.backups).toString();
  must(remote.manifest === manifest, 'the manifest is not what the machines say');
}

const holdsAll = (all: ReadonlySet<string>, some: ReadonlySet<string>): boolean =>
  [...some].every((one) => all.has(one));

function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

/** Runs seeds one after the other; an error names its seed. Gives how many rounds were needed at most. */
export async function simulateMany(
  count: number,
  first: number,
  make: (seed: number) => Promise<SimulateOptions['open']> | SimulateOptions['open'],
  size: Pick<SimulateOptions, 'awake' | 'actions' | 'shareReads'> = {},
): Promise<number> {
  let most = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      const { rounds } = await simulate({ seed, open: await make(seed), ...size });
      most = Math.max(most, rounds);
    } catch (error) {
      throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  return most;
}
