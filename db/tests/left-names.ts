import { randomUUID } from 'node:crypto';
import { valueOf } from './refusal';
import { slackFrom } from './seed';
import { addItem, addProject, claim, DONE, finish, type Claim } from './steps';
import type { World } from './world';

/** Tables that hold the name, in whichever column. */
export async function tablesWith(world: World, name: string): Promise<string[]> {
  const tables = await world.root<{ table: string }>(
    `select c.oid::regclass::text as table from pg_class c where c.relkind in ('r', 'p')
       and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'priv') order by 1`,
  );
  const found: string[] = [];
  for (const { table } of tables) {
    const rows = await world.root(`select 1 from ${table} t where to_jsonb(t)::text ~ $1 limit 1`, [
      `\\m${name}\\M`,
    ]);
    if (rows.length > 0) found.push(table);
  }
  return found;
}

/** Ben's name, and his agent's, wherever the database writes one by itself. */
export async function leaveName(world: World): Promise<void> {
  const { project, question } = world.ids.red;
  const [ben, mona] = [await world.as('ben'), await world.as('mona')];
  const [agent, bot] = [await world.as('agent'), await world.as('slackbot')];
  await agent.query(`select coffee.ask($1, 'Might I?', '', '{"free_text": true}')`, [project]);
  await agent.query(`select coffee.propose_item($1, 'An idea')`, [project]);
  const code = await valueOf<string>(mona, 'select code from coffee.new_slack_code()');
  const from = (what: string): object => slackFrom(`mona-${what}`, 'mona');
  await bot.query('select coffee.bind_slack($1, $2)', [from('link'), code]);
  await ben.query(`select coffee.answer($1, 'Yes')`, [question]);
  await bot.query(`select coffee.slack_answer($1, $2, 'No')`, [from('answer'), question]);

  const [daemon, instance] = [await world.another('daemon'), randomUUID()];
  await daemon.query('select daemon.attach($1)', [instance]);
  const working = async (): Promise<{ item: number; held: Claim }> => {
    const own = await addProject(ben);
    const item = await addItem(ben, own);
    return { item, held: (await claim(daemon, { projects: [own], instance }))! };
  };
  await ben.query('select coffee.stop_item($1)', [(await working()).item]);
  await ben.query('select coffee.block_item($1, null)', [(await working()).item]);
  const { item, held } = await working();
  await finish(daemon, held, 'review', null, DONE);
  await ben.query('select coffee.accept_item($1)', [item]);
  await bot.query(`select coffee.slack_roadmap($1, 'accept', $2)`, [from('accept'), { item }]);
  // What comes from the account when it is nobody's any more.
  await ben.query('select coffee.end_slack_links()');
  await bot.query(`select coffee.slack_looked($1, 'help', null)`, [slackFrom('late', 'red')]);
}
