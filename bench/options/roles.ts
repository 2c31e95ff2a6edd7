import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import { isBusy } from './driver';
import type { Deeds, RoleName } from './job';
import { momentIn, msSince, nowNs, stamped } from './measures';
import type { Station } from './station';

/** Far more often than coding agents ask. */
const ASK_EVERY_MS = 50;
/** A call of a model takes longer. */
const TRACE_MS = 500;
/** Some open pages together. */
const LOOK_EVERY_MS = 50;

export interface Shift {
  /** Prefix of its ids. */
  name: string;
  station: Station;
  deeds: Deeds;
  /** On the clock of `performance.now`. */
  end: number;
}

export const ROLE: Record<RoleName, (shift: Shift) => Promise<void>> = {
  daemon: workAsDaemon,
  slackbot: answerWhatIsAsked,
  cli: answerWhatIsAsked,
  dashboard: lookNowAndThen,
};

/** Writes traces as fast as it can, asks at a steady rate, and hears the answers. */
async function workAsDaemon({ name, station, deeds, end }: Shift): Promise<void> {
  const open = new Set<number>();
  const running: { id: string; until: number }[] = [];
  const hearing = await onEachChange(station, async () => {
    for (const { id, answer } of await station.answersTo([...open]))
      if (open.delete(id)) deeds.seen.push(msSince(answer));
  });
  let nextAsk = performance.now();
  for (let n = 0; performance.now() < end; n += 1) {
    if (performance.now() >= nextAsk) {
      nextAsk += ASK_EVERY_MS;
      const id = await write(deeds, () => station.ask(stamped('Which colour?')));
      if (id !== undefined) open.add(id);
    }
    const id = `${name}-${n}`;
    if ((await write(deeds, () => done(station.begin(id)))) === true) {
      deeds.begun.push(id);
      running.push({ id, until: performance.now() + TRACE_MS });
    }
    // One in each round: a file's writes never let go of the process by themselves.
    if (running.length > 0 && running[0]!.until <= performance.now()) {
      const { id: last } = running.shift()!;
      if ((await write(deeds, () => done(station.finish(last)))) === true)
        deeds.finished.push(last);
    }
    await breathe();
  }
  await hearing.end();
}

/** The Slack bot and the terminal race for each question. */
async function answerWhatIsAsked({ station, deeds, end }: Shift): Promise<void> {
  const known = new Set<number>();
  const begun = nowNs();
  const hearing = await onEachChange(station, async () => {
    for (const { id, title } of await station.openQuestions()) {
      if (known.has(id) || momentIn(title) < begun) continue; // left open by a run before
      known.add(id);
      deeds.seen.push(msSince(title));
      const answer = stamped('Red');
      if ((await write(deeds, () => station.answer(id, answer))) === true)
        deeds.answered.push([id, answer]);
    }
  });
  await pause(Math.max(0, end - performance.now()));
  await hearing.end();
}

async function lookNowAndThen({ station, deeds, end }: Shift): Promise<void> {
  while (performance.now() < end) {
    const start = performance.now();
    await station.look();
    deeds.reads.push(performance.now() - start);
    await pause(LOOK_EVERY_MS);
  }
}

const done = (work: Promise<void>): Promise<true> => work.then(() => true);

async function write<T>(deeds: Deeds, work: () => Promise<T>): Promise<T | undefined> {
  const start = performance.now();
  try {
    const result = await work();
    deeds.writes.push(performance.now() - start);
    return result;
  } catch (error) {
    if (!isBusy(error)) throw error;
    deeds.busy += 1;
    return undefined;
  }
}

/** One look at a time, and one more if something changed meanwhile; `end` throws what a look threw. */
async function onEachChange(
  station: Station,
  look: () => Promise<void>,
): Promise<{ end(): Promise<void> }> {
  let again = false;
  let ended = false;
  let running: Promise<void> | undefined;
  let failure: unknown;
  const run = async (): Promise<void> => {
    while (again && !ended) {
      again = false;
      try {
        await look();
      } catch (error) {
        if (isBusy(error)) again = true;
        else failure ??= error;
      }
    }
    running = undefined;
  };
  await station.watch(() => {
    again = true;
    running ??= run();
  });
  return {
    async end() {
      ended = true;
      await running;
      if (failure !== undefined) throw failure;
    },
  };
}
