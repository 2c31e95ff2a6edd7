import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { randomInt } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { faultsFor } from './faults';
import {
  expectAllAlive,
  expectAnswersKept,
  expectRecordsKept,
  expectSumsAndTrail,
  expectWorkDoneOnce,
} from './invariants';
import { setScene, type Scene } from './scene';
import { putToWork } from './work';

/** CHAOS_MINUTES=N: for so long instead of twice each kind of fault. CHAOS_SEED=N: the same dice again. */
const { CHAOS_MINUTES, CHAOS_SEED } = process.env;
const minutes = Number(CHAOS_MINUTES ?? 0);
const seed = CHAOS_SEED === undefined ? randomInt(2 ** 31) : Number(CHAOS_SEED);
const ROUNDS = 2;
/** The most that a fault lasts; half of it is the most that there is peace. */
const LONGEST_MS = minutes > 0 ? 6_000 : 1_200;

let scene: Scene;
beforeAll(async () => {
  scene = await setScene();
});
afterAll(() => scene?.close());

const said: string[] = [];
const started = Date.now();
function say(words: string): void {
  said.push(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${words}`);
  if (minutes > 0) process.stderr.write(`chaos: ${said.at(-1)!}\n`);
}

it(
  'nothing is lost or doubled, whatever goes wrong while everybody is at work',
  async () => {
    process.stderr.write(`chaos: CHAOS_SEED=${seed}\n`);
    try {
      await rage();
    } catch (error) {
      process.stderr.write(`chaos: what happened:\n${said.join('\n')}\n`);
      throw error;
    }
  },
  minutes * 60_000 + 600_000,
);

async function rage(): Promise<void> {
  const dice = throwDice(seed);
  const work = await putToWork(scene, seed);
  say('everybody is at work');
  const faults = faultsFor(scene);
  const kinds = [...faults.keys()];
  const planned = Array.from({ length: ROUNDS }, () => shuffle(kinds, dice.below)).flat();
  const end = Date.now() + minutes * 60_000;
  while (minutes > 0 ? Date.now() < end : planned.length > 0) {
    const kind = minutes > 0 ? dice.pick(kinds) : planned.shift()!;
    await scene.postgres.start(); // it may still be getting up by itself
    say(await faults.get(kind)!(scene, dice, dice.below(LONGEST_MS)));
    if (minutes > 0 && dice.chance(0.5)) work.want();
    await pass(dice.below(LONGEST_MS) / 2);
  }
  await scene.postgres.start();
  say('all is mended');

  await work.finish();
  say([...work.ends].map(([how, times]) => `${how}: ${times}`).join(', '));
  // Done, or the other side is away: whoever reports meets nothing else.
  expect([...work.ends.keys()].filter((how) => !/^\w+ [04]$/.test(how))).toEqual([]);
  await expectAllAlive(scene);
  await expectWorkDoneOnce(scene, work.roadmap);
  const { tries } = work;
  await expectAnswersKept(scene, work.roadmap, { tries, watched: work.watched() });
  say(`${work.roadmap.titles.length} priorities, ${tries.length} tries to answer`);
  say(`${await expectRecordsKept(scene, work.machines)} records are there once`);
  await expectSumsAndTrail(scene);
  say('every invariant holds');
}

function shuffle<T>(from: readonly T[], below: (limit: number) => number): T[] {
  const left = [...from];
  return from.map(() => left.splice(below(left.length), 1)[0]!);
}
