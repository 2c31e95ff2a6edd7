import { type Who } from '../logins';
import { codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('daemon reads private detail, answers itself, forges an author', () => {
  it.each(['daemon', 'agent'] as Who[])(
    '%s neither answers, accepts, edits nor manages',
    async (who) => {
      const client = await world.as(who);
      const { red } = world.ids;
      for (const sql of [
        `select coffee.answer(${red.question}, 'Yes')`,
        `select coffee.answer(${red.question}, 'Yes', 'slack')`,
        `select coffee.accept_item(${red.item})`,
        `select coffee.edit_item(${red.item}, null, 'x', 'do something else')`,
        `select coffee.add_item('${red.project}', 'x')`,
        `select coffee.move_item(${red.item}, null)`,
        `select coffee.reopen_item(${red.item}, 'x')`,
        `select coffee.block_item(${red.item}, 'x')`,
        `select coffee.retry_item(${red.item})`,
        `select coffee.stop_item(${red.item})`,
        `select coffee.import_items('${red.project}', '', '[]')`,
        `select coffee.set_project('${red.project}', '{"budget_day_usd": 1000000}')`,
        `select coffee.add_project(null, 'x', '/x')`,
        `select coffee.pause_daemons(null, false)`,
        `select coffee.reset_daemon()`,
        `select coffee.add_login('person', 'x')`,
        `select coffee.rotate_password('person', 'ben')`,
      ]) {
        expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
      }
    },
  );

  it.each([
    'coffee.people',
    'coffee.memberships',
    'coffee.teams',
    'audit.entries',
    'audit.payloads',
  ])('the daemon does not read %s', async (table) => {
    expect(await codeOf(await world.as('daemon'), `select * from ${table}`)).toBe(NOT_ALLOWED);
    expect((await world.root(`select from ${table}`)).length).toBeGreaterThan(0);
  });

  it("nobody can take the key of a daemon's question beforehand and have their answer passed on", async () => {
    const { red } = world.ids;
    const settings = {
      key: 'permission:1',
      attempt_id: red.attempt,
      options: [{ label: 'Allow' }],
    };
    const sql = `select (coffee.ask($1, $2, '', $3)).id`;
    const ids = new Set<string>();
    for (const who of ['agent', 'ben', 'daemon'] as Who[]) {
      ids.add(
        await valueOf<string>(await world.as(who), sql, [red.project, `asked by ${who}`, settings]),
      );
    }
    expect(ids.size).toBe(3);
    const again = await valueOf<string>(await world.as('daemon'), sql, [
      red.project,
      'again',
      settings,
    ]);
    expect(ids.has(again)).toBe(true);
    const [row] = await world.root('select title from coffee.notifications where id = $1', [again]);
    expect(row).toEqual({ title: 'asked by daemon' });
  });

  it('a daemon asks for no attempt of another', async () => {
    const settings = { attempt_id: world.ids.blue.attempt };
    const sql = `select coffee.ask($1, 'x', '', $2)`;
    expect(await codeOf(await world.as('daemon'), sql, [world.ids.red.project, settings])).toBe(
      NOT_FOUND,
    );
  });
});
