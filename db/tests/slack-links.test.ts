import { codeOf } from './refusal';
import { describeTable } from './table-rules';

describeTable(
  {
    table: 'coffee.slack_links',
    rows: {
      'the account of ben': () => `slack_user_id = 'URED'`,
      'the account of carla': () => `slack_user_id = 'UBLUE'`,
    },
    reads: {
      anna: [],
      mona: [],
      ben: ['the account of ben'],
      carla: ['the account of carla'],
      slackbot: ['the account of ben', 'the account of carla'],
      nobody: [],
    },
    insert: ({ ids }) =>
      `insert into coffee.slack_links (person_id, slack_team_id, slack_user_id)
       values ('${ids.red.person}', 'T1', 'UFORGED')`,
    column: 'slack_user_id',
  },
  (world) => {
    it.each(['delete from coffee.slack_links', 'truncate coffee.slack_links'])(
      'refuses "%s" even to a superuser',
      async (sql) => {
        expect(await codeOf(await world().database.connect(), sql)).toBe('42501');
      },
    );
  },
);
