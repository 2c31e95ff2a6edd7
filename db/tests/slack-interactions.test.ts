import { codeOf, INVALID, valueOf } from './refusal';
import { slackFrom } from './seed';
import { describeTable } from './table-rules';

describeTable(
  {
    table: 'coffee.slack_interactions',
    rows: {
      'the click of ben': () => `slack_key = 'red-1'`,
      'the click of carla': () => `slack_key = 'blue-1'`,
    },
    reads: {
      anna: [],
      mona: [],
      ben: ['the click of ben'],
      carla: ['the click of carla'],
      daemon: ['the click of ben'], // on a question of its own
      blueDaemon: ['the click of carla'],
      slackbot: ['the click of ben', 'the click of carla'],
      nobody: [],
    },
    insert: () =>
      `insert into coffee.slack_interactions (slack_key, slack_user_id, action)
       values (gen_random_uuid()::text, 'U1', 'click')`,
    inserts: ['slackbot'],
    column: 'action',
  },
  (world) => {
    it('does not let the bot say whose click it was', async () => {
      const insert = `insert into coffee.slack_interactions (slack_key, slack_user_id, action, person_id)
        values ('forged', 'U1', 'click', $1)`;
      const bot = await world().as('slackbot');
      expect(await codeOf(bot, insert, [world().ids.blue.person])).toBe('42501');
    });

    it('keeps the first of two deliveries', async () => {
      const bot = await world().as('slackbot');
      const again = `insert into coffee.slack_interactions (slack_key, slack_user_id, action)
        values ('red-1', 'U2', 'other') on conflict do nothing`;
      expect((await bot.query(again)).rowCount).toBe(0);
    });

    it('keeps once what was only looked at, and lets the bot say nothing else of it', async () => {
      const bot = await world().as('slackbot');
      const look = 'select coffee.slack_looked($1, $2, null)';
      const from = slackFrom('looked', 'red');
      expect(await valueOf(bot, look, [from, 'list'])).toBe(true);
      expect(await valueOf(bot, look, [from, 'list'])).toBe(false);
      expect(await valueOf(bot, look, [slackFrom('looked too', 'nobody'), 'help'])).toBe(true);
      expect(await codeOf(bot, look, [slackFrom('forged', 'red'), 'answer'])).toBe(INVALID);
      const rows = await world().root(
        `select person_id, response_data ->> 'outcome' as outcome
         from coffee.slack_interactions where slack_key like 'looked%' order by id`,
      );
      expect(rows).toEqual([
        { person_id: world().ids.red.person, outcome: 'looked' },
        { person_id: null, outcome: 'unlinked' },
      ]);
    });

    it.each(['delete from coffee.slack_interactions', 'truncate coffee.slack_interactions'])(
      'refuses "%s" even to a superuser',
      async (sql) => {
        expect(await codeOf(await world().database.connect(), sql)).toBe('42501');
      },
    );
  },
);
