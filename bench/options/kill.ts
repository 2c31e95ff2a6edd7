import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Table } from '../report/report';
import { hire } from './crew';
import type { Ground, MakeGround } from './ground';
import { openOneWaySync } from './one-way-sync';
import type { OptionName } from './place';
import { openStation } from './station';

const KILLS = 8;
const LEAST_TRACES = 20;

interface Aftermath {
  /** Traces that were acknowledged, and of these what is not there. */
  acknowledged: number;
  missing: number;
  /** Calls without their trace, or traces without their calls. */
  torn: number;
  /** Traces of which the daemon's own log says something else than they do. */
  disagreeing: number;
  /** Whether a person could write at once. */
  answered: boolean;
  /** Whether the next daemon finds the answer. */
  found: boolean;
}

/** The daemon is killed while it writes, over and over; then what is there is looked at. */
export async function tryKill(options: OptionName[], makeGround: MakeGround): Promise<Table> {
  const columns: string[][] = [];
  for (const option of options) {
    const all: Aftermath[] = [];
    for (let n = 0; n < KILLS; n += 1) {
      const ground = await makeGround(option);
      all.push(await killOnce(ground, `kill-${n}`));
      ground.close();
    }
    const sum = (of: (one: Aftermath) => number) => `${all.reduce((n, one) => n + of(one), 0)}`;
    columns.push([
      sum((one) => one.acknowledged),
      sum((one) => one.missing),
      sum((one) => one.torn),
      sum((one) => one.disagreeing),
      sum((one) => Number(one.answered)),
      sum((one) => Number(one.found)),
    ]);
  }
  const names = [
    'traces acknowledged',
    'of these missing',
    'half written',
    'at odds with the daemon’s log',
    'a person could write at once',
    'the next daemon found the answer',
  ];
  return {
    title: `The daemon killed ${KILLS} times while writing`,
    columns: ['', ...options],
    rows: names.map((name, i) => [name, ...columns.map((column) => column[i]!)]),
  };
}

async function killOnce(ground: Ground, name: string): Promise<Aftermath> {
  const place = await ground.daemon(0);
  const asking = await openStation(place);
  const question = await asking.ask('Which colour?');
  await asking.close();
  const copier = ground.copies && openOneWaySync(ground.copies.from, ground.copies.to);
  copier?.copy();

  const victim = await hire({ kind: 'victim', name, place }, { lines: true });
  let told = '';
  victim.process.stdout!.on('data', (data: Buffer) => (told += data.toString()));
  const closed = once(victim.process, 'close');
  victim.say();
  while (told.split('\n').length <= LEAST_TRACES) await once(victim.process.stdout!, 'data');
  await pause(Math.random() * 100);
  victim.process.kill('SIGKILL');
  await closed;

  const person = await openStation(ground.person);
  const answered = await person.answer(question, 'Red');
  await person.close();
  copier?.copy();
  copier?.close();
  const next = await openStation(place);
  const kept = await next.kept();
  await next.close();
  const ids = told.split('\n').filter((line) => line !== '');
  const ours = [...kept.traces].filter(([id]) => id.startsWith(`${name}-`));
  return {
    acknowledged: ids.length,
    missing: ids.filter((id) => kept.traces.get(id) !== true).length,
    torn: kept.torn,
    disagreeing: ours.filter(([id, done]) => done !== kept.logged!.has(id)).length,
    answered,
    found: kept.answers.get(question) === 'Red',
  };
}
