import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { setTimeout as pass } from 'node:timers/promises';
import { until } from '../support/until';
import type { Running } from '../stories/cli/program';
import { bringMachines, type Machine } from './machines';
import { createAnswerer, isAskedInSlack, type Told, type Try } from './people';
import { planRoadmap, type Roadmap } from './roadmap';
import type { Scene } from './scene';

/** Everybody at what they do, until all is well again and nothing is left to be done. */
export interface Work {
  machines: Machine[];
  roadmap: Roadmap;
  tries: Try[];
  /** How the machines' programs ended, and how often; also what they said where nobody was away. */
  ends: Map<string, number>;
  /** One more priority is thought of. */
  want(): void;
  /** What somebody who watches has been told so far. */
  watched(): Told[];
  /** Nothing goes wrong from now on: resolves when all is done, sent and told. */
  finish(): Promise<void>;
}

/** With the database back and patient people, what is left takes no longer. */
const HEALING_MS = 120_000;
const PRIORITIES = 4;

export async function putToWork(scene: Scene, seed: number): Promise<Work> {
  const machines = await bringMachines(scene);
  const roadmap = await planRoadmap(scene, throwDice(seed + 1));
  const cli = scene.cli.as(scene.ada.url);
  const watching = cli.start(['notifications', 'watch', '--json'], { env: scene.clockOf('ada') });
  const answerer = createAnswerer(scene, cli, throwDice(seed + 2));
  const ends = new Map<string, number>();
  let wanted = PRIORITIES;
  let healedAt: number | undefined;
  const isLate = (): boolean => healedAt !== undefined && Date.now() - healedAt > HEALING_MS;

  async function people(): Promise<void> {
    while (!scene.over.aborted && (healedAt === undefined || !(await isDone(scene, wanted)))) {
      if (isLate()) throw new Error(`not done in time: ${await statesOf(scene)}`);
      if (roadmap.titles.length < wanted) await roadmap.add().catch(() => undefined);
      await answerer.look().catch(() => undefined); // the database is away; again in a moment
      await pass(100);
    }
  }

  async function reports(machine: Machine, from: number): Promise<void> {
    for (let n = 0; healedAt === undefined && !scene.over.aborted; n += 1) {
      machine.work(n === 0 ? seed : from + n); // the first session was carried to all of them
      for (const { code, stderr } of await machine.report()) {
        const end = `${machine.road} ${code}${code === 0 || code === 4 ? '' : `: ${stderr}`}`;
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    }
  }

  const atWork = Promise.all([
    people(),
    ...machines.map((one, i) => reports(one, seed + 1_000 * (i + 1))),
  ]);
  scene.busy.push(atWork);
  const watched = (): Told[] => toldBy(watching);
  // A command that finds no database when it starts ends: that is no fault of theirs.
  await until('the watch tells of a first question', () => watched().length > 0);
  return {
    machines,
    roadmap,
    tries: answerer.tries,
    ends,
    want: () => void (wanted += 1),
    watched,
    async finish() {
      healedAt = Date.now();
      await atWork;
      // The hub comes last: it fetches what the others left for it.
      for (const machine of machines.toReversed()) {
        for (const { code, stderr } of await machine.report()) {
          if (code !== 0) throw new Error(`${machine.road} cannot report: ${stderr}`);
        }
      }
      const none = async (statement: string): Promise<boolean> =>
        (await scene.stack.sql(statement)).length === 0;
      await until('Slack has it all', () => none(NOT_IN_SLACK), HEALING_MS);
      await until('Slack shows every answer', () => !isAskedInSlack(scene), HEALING_MS);
      await until('nothing is held', () => none(HELD), HEALING_MS);
      const answers = (): number => watched().filter(({ state }) => state === 'answered').length;
      await until('the watch has told it all', () => answers() >= wanted, HEALING_MS);
      watching.kill('SIGTERM');
      await watching.ended;
    },
  };
}

/** Of a question that was settled before it could be posted, Slack is told nothing. */
const NOT_IN_SLACK = `select from coffee.notifications n
  left join coffee.slack_outbox o on o.notification_id = n.id
  where o.state = 'queued' or o.id is null and n.kind <> 'question'`;
const HELD = 'select from daemon.task_queue where lease_until is not null';

/** Whole lines only: the last one may still be on its way. */
function toldBy(watching: Running): Told[] {
  const lines = watching.stdout().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Told);
}

async function isDone({ stack }: Scene, priorities: number): Promise<boolean> {
  const done = `select from coffee.roadmap_items where state = 'done'`;
  return (await stack.sql(done)).length >= priorities;
}

async function statesOf({ stack }: Scene): Promise<string> {
  const [row] = await stack.sql<{ states: string }>(
    `select string_agg(i.number || ' ' || i.state || coalesce(' (' || a.outcome || ')', ''), ', ') as states
     from coffee.roadmap_items i left join coffee.attempts a on a.item_id = i.id`,
  );
  return row!.states;
}
