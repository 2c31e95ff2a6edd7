import type { Client, QueryResultRow } from 'pg';
import type { Who } from './logins';
import {
  AT,
  BLUE_MACHINE,
  importRecords,
  messageText,
  paneFocus,
  phrases,
  RED_MACHINE,
  session,
  usage,
  userMessage,
} from './reports';
import { valueOf } from './refusal';
import { bill } from './seed-billing';
import { signIn } from './sign-in';

/** Ids of the rows of one team. */
export interface TeamIds {
  team: string;
  project: string;
  /** In progress, held by the team's daemon. */
  item: number;
  /** Planned. */
  planned: number;
  attempt: number;
  fence: number;
  /** Open, asked by the team's daemon. */
  question: number;
  person: string;
  daemon: string;
}

export interface Ids {
  red: TeamIds;
  blue: TeamIds;
  /** Open, asked by ben. */
  bensQuestion: number;
}

export interface Hands {
  as(who: Who): Promise<Client>;
  root<Row extends QueryResultRow>(sql: string, params?: unknown[]): Promise<Row[]>;
  /** Of the red daemon; the blue one has its own. */
  instance: string;
}

export async function seed(hands: Hands): Promise<Ids> {
  const red = await seedTeam(hands, 'team', 'ben', 'daemon', 'red');
  const blue = await seedTeam(hands, 'blue', 'carla', 'blueDaemon', 'blue');
  const ben = await hands.as('ben');
  const bensQuestion = await ask(ben, red.project, 'May I?', { free_text: true });
  const bot = await hands.as('slackbot');
  await bot.query('select coffee.slack_enqueue($1)', [{ default: 'C-default' }]);
  await linkSlack(bot, ben, 'red');
  await linkSlack(bot, await hands.as('carla'), 'blue');
  for (const who of ['ben', 'carla'] as const) await signIn(hands, who);
  await trace(await hands.as('daemon'), red.attempt, 'red');
  await trace(await hands.as('blueDaemon'), blue.attempt, 'blue');
  for (const [who, { project }] of [['ben', red] as const, ['carla', blue] as const]) {
    const person = await hands.as(who);
    await person.query(`select coffee.add_project_key($1, 'outside')`, [project]);
  }
  await (await hands.as('anna')).query(`select coffee.add_reporting_zone('asia/kathmandu')`);
  const collector = await hands.as('collector');
  await report(ben, collector, RED_MACHINE, 'red');
  await report(await hands.as('carla'), collector, BLUE_MACHINE, 'blue');
  await bill(hands, red, 'mona', 'ben');
  const anna = await hands.as('anna');
  const role = `select coffee.set_membership('blue', 'person', 'carla', $1)`;
  await anna.query(role, ['manager']);
  await bill(hands, blue, 'carla', 'carla');
  await anna.query(role, ['member']);
  for (const [colour, { question }] of Object.entries({ red, blue })) {
    // Refused, because it is not one of the answers: what was tried is kept.
    await bot.query('select coffee.slack_answer($1, $2, $3)', [
      slackFrom(`${colour}-1`, colour),
      question,
      'Perhaps',
    ]);
  }
  return { red, blue, bensQuestion };
}

/** A trace of the attempt, with one of everything. */
async function trace(daemon: Client, attempt: number, colour: string): Promise<void> {
  const about = { traceId: `${colour} trace`, name: `${colour} secret step` };
  const seconds = ['trace', 'generation', 'span', 'event', 'score'].map((noun, second) => ({
    id: `${colour} ${noun}`,
    type: `${noun}-create`,
    timestamp: `2026-11-01T10:00:0${second}.000Z`,
    body: {
      ...about,
      id: `${colour} ${noun}`,
      startTime: `2026-11-01T10:00:0${second}.000Z`,
      ...(noun === 'generation' ? { model: 'claude-sonnet-5', usageDetails: { input: 1000 } } : {}),
      ...(noun === 'score' ? { value: 1 } : {}),
    },
  }));
  await daemon.query('select coffee.ingest_traces($1, $2)', [attempt, JSON.stringify(seconds)]);
}

/** Something that the Slack account of this colour did. */
export function slackFrom(key: string, colour: string): object {
  return { key, team: 'T1', user: `U${colour.toUpperCase()}`, name: colour };
}

async function linkSlack(bot: Client, person: Client, colour: string): Promise<void> {
  const { rows } = await person.query<{ code: string }>('select code from coffee.new_slack_code()');
  const from = slackFrom(`${colour}-link`, colour);
  await bot.query('select coffee.bind_slack($1, $2)', [from, rows[0]!.code]);
}

/** A machine's first report, and a script's upload. */
async function report(
  person: Client,
  collector: Client,
  machineId: string,
  colour: string,
): Promise<void> {
  const old = '2026-01-02T03:04:05.678Z';
  await importRecords(
    person,
    [
      usage({ message_id: `msg_${colour}` }, machineId),
      usage({ message_id: `msg_${colour}_2`, input_tokens: -1 }, machineId),
      phrases(['perfect', 'right'], `msg_${colour}`, new Date().toISOString(), machineId),
      phrases(['right'], `msg_${colour}_old`, old, machineId),
      userMessage(`line-${colour}`, `/home/${colour}`, undefined, machineId),
      session('started', undefined, machineId),
      paneFocus('%1', AT, machineId),
      messageText(`line-${colour}`, `${colour}: what next?`, { machineId }),
    ],
    { machineId, about: { label: colour, cursor: 'here' } },
  );
  await person.query('select coffee.create_machine_token($1)', [machineId]);
  const { rows } = await person.query<{ token: string }>(
    'select token from coffee.create_upload_secret()',
  );
  const upload = 'select coffee.set_day_counts($1, $2, $3, $4, 7)';
  await collector.query(upload, [rows[0]!.token, '2026-01-05', `${colour} laptop`, { perfect: 3 }]);
  await person.query('select coffee.archive_phrases(180)');
  await spendTime(person, machineId, colour);
  await moveIn(person, colour);
}

/** A move that brought nothing but a machine: its totals would be in everybody's way. */
async function moveIn(person: Client, colour: string): Promise<void> {
  await person.query('begin');
  await person.query('select coffee.begin_move_in($1, $2)', ['ccu', `/home/${colour}/secret.db`]);
  await person.query('select coffee.move_machine($1)', [`${colour} tower`]);
  await person.query('select coffee.finish_move_in($1)', [{}]);
  await person.query('commit');
}

/** A stream with a tag, what was said of a place, and a day with its time. */
async function spendTime(person: Client, machineId: string, colour: string): Promise<void> {
  const stream = await valueOf<number>(person, 'select coffee.create_stream($1, $2)', [
    machineId,
    `${colour} secret work`,
  ]);
  await person.query('select coffee.tag_stream($1, $2)', [stream, colour]);
  await person.query(`select coffee.assign_to_stream($1, 'place', $2)`, [stream, [`/${colour}`]]);
  const from = Date.parse(AT);
  const interval = { credited_by: 'focus', starts_at: from, ends_at: from + 300_000 };
  const day = {
    day: AT.slice(0, 10),
    version: await valueOf<string>(person, 'select version from coffee.time_days where day = $1', [
      AT.slice(0, 10),
    ]),
    has_events: true,
    depends_on: [`t:${stream}`],
    intervals: [{ ...interval, stream_id: stream, machine_id: machineId }],
  };
  await person.query('select coffee.save_time_days($1)', [JSON.stringify([day])]);
}

async function seedTeam(
  hands: Hands,
  team: string,
  personName: Who,
  daemonName: Who,
  colour: string,
): Promise<TeamIds> {
  const person = await hands.as(personName);
  const daemon = await hands.as(daemonName);
  const me = async (client: Client): Promise<string> =>
    (await client.query<{ id: string }>('select id from coffee.whoami()')).rows[0]!.id;
  const project = (
    await person.query<{ id: string }>(
      `select coffee.add_project(null, $1, '/srv/' || $1, '{"agent": "rehearsal"}') as id`,
      [colour],
    )
  ).rows[0]!.id;
  const add = async (title: string): Promise<number> => {
    const { rows } = await person.query<{ id: string }>('select id from coffee.add_item($1, $2)', [
      project,
      title,
    ]);
    return Number(rows[0]!.id);
  };
  const item = await add(`${colour} secret work`);
  const planned = await add(`${colour} secret plan`);
  await daemon.query('select daemon.report($1)', [{ state: 'idle', version: '1', agents: [] }]);
  const instance = colour === 'red' ? hands.instance : hands.instance.replace(/^.{8}/, 'b1b1b1b1');
  await daemon.query('select daemon.attach($1)', [instance]);
  const { rows } = await daemon.query<{ fence: string; attempt_id: string }>(
    `select fence, attempt_id from daemon.claim($1, '{rehearsal}', '10 min')`,
    [instance],
  );
  const [claimed] = rows;
  const held = [item, claimed!.fence];
  await daemon.query(`select daemon.record_step($1, $2, 'note', 'began')`, held);
  await daemon.query(`select daemon.log('info', 'began')`);
  const attempt = Number(claimed!.attempt_id);
  const question = await ask(daemon, project, `${colour} secret question?`, {
    item_id: item,
    attempt_id: attempt,
    options: [{ label: 'Yes' }, { label: 'No' }],
  });
  const found = await hands.root<{ id: string }>('select id from coffee.teams where name = $1', [
    team,
  ]);
  return {
    team: found[0]!.id,
    project,
    item,
    planned,
    attempt,
    fence: Number(claimed!.fence),
    question,
    person: await me(person),
    daemon: await me(daemon),
  };
}

async function ask(
  client: Client,
  project: string,
  title: string,
  settings: object,
): Promise<number> {
  const { rows } = await client.query<{ id: string }>('select id from coffee.ask($1, $2, $3, $4)', [
    project,
    title,
    '',
    settings,
  ]);
  return Number(rows[0]!.id);
}
