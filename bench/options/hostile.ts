import type { Table } from '../report/report';
import type { Ground, MakeGround } from './ground';
import { attackFiles } from './hostile-files';
import { attackPostgres } from './hostile-postgres';
import { openOneWaySync } from './one-way-sync';
import type { OptionName } from './place';
import { openStation } from './station';

/** What a daemon tries that its agent has taken over, each with the means that the option gives it. */
export const ATTACKS = [
  'answers its own question',
  'changes a person’s answer',
  'rewrites the roadmap’s history',
  'reads a person’s detail',
  'deletes the notifications',
  'drops a table',
  'keeps people from writing',
] as const;

export type Attack = (typeof ATTACKS)[number];

/** Questions that are there before anything is tried. */
export interface Scene {
  /** Two that nobody has answered yet, and one that a person has answered with "Red". */
  open: number;
  other: number;
  answered: number;
}

/** What was tried, and in which option it came to something on the people's side. */
export async function tryHostile(options: OptionName[], makeGround: MakeGround): Promise<Table> {
  const rows = ATTACKS.map((attack): string[] => [attack]);
  for (const option of options) {
    for (const [i, attack] of ATTACKS.entries()) {
      const ground = await makeGround(option);
      const scene = await prepare(ground);
      const attacked = option === 'C' ? attackPostgres : attackFiles;
      rows[i]!.push((await attacked(ground, attack, scene)) ? 'done' : 'refused');
      ground.close();
    }
  }
  return { title: 'What a hostile daemon did to people', columns: ['', ...options], rows };
}

async function prepare(ground: Ground): Promise<Scene> {
  const daemon = await openStation(await ground.daemon(0));
  const scene = {
    open: await daemon.ask('May I?'),
    other: await daemon.ask('Which size?'),
    answered: await daemon.ask('Which colour?'),
  };
  await daemon.close();
  const copier = ground.copies && openOneWaySync(ground.copies.from, ground.copies.to);
  copier?.copy();
  copier?.close();
  if (!(await answered(ground, scene.answered))) throw new Error('the person cannot answer');
  return scene;
}

/** Whether a person can answer the question with "Red". */
export async function answered(ground: Ground, id: number): Promise<boolean> {
  const person = await openStation(ground.person);
  try {
    return await person.answer(id, 'Red');
  } finally {
    await person.close();
  }
}
