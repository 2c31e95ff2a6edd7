import { attempt, INVALID, NOT_ALLOWED } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const MARCH = '2026-03-01';
let made = 0;

/** A team of whoever these are, managed by mona, in which each made so many calls in March. */
async function teamOf(calls: Record<string, number>): Promise<string> {
  const [row] = await world.root<{ id: string }>(
    `insert into coffee.teams (name) values ($1) returning id`,
    [`insights ${++made}`],
  );
  const team = row!.id;
  for (const [name, n] of Object.entries(calls)) {
    await world.root(
      `with new as (insert into priv.principals (kind, name) select 'person', $1
          where not exists (select from priv.principals where name = $1) returning id),
        person as (select id from new union all select id from priv.principals where name = $1),
        listed as (insert into coffee.people (id, name) select id, $1 from new),
        used as (insert into coffee.usage_days select id, 'UTC', $4, gen_random_uuid(), 'm', $3, 0, 0, 0, 0, 0, 0, 0 from new)
      insert into coffee.memberships (team_id, member_id) select $2, id from person`,
      [name, team, n, MARCH],
    );
  }
  await world.root(
    `insert into coffee.memberships (team_id, member_id, role)
     select $1, id, 'manager' from priv.principals where name = 'mona'`,
    [team],
  );
  return team;
}

async function insightOf(team: string, day = MARCH): Promise<string | null> {
  const mona = await world.as('mona');
  const { rows } = await mona.query<{ metric: string; value: string | null }>(
    'select metric, value from coffee.publish_insights($1, $2)',
    [team, day],
  );
  return rows.find(({ metric }) => metric === 'calls')!.value;
}

/** Names do not differ by case alone. */
const named = (letter: string): string => `person ${letter.charCodeAt(0)}`;
const people = (letters: string, calls = 101): Record<string, number> =>
  Object.fromEntries([...letters].map((letter) => [named(letter), calls]));

describe('small-team suppression, unaligned periods, differencing, dominance', () => {
  it('withholds a sum of fewer than five people besides whoever looks', async () => {
    expect(await insightOf(await teamOf(people('abcde')))).toBeNull();
  });

  it('shows one of more, rounded to two digits, to the whole team', async () => {
    expect(await insightOf(await teamOf(people('fghijk')))).toBe('610');
  });

  it('does not count who did nothing', async () => {
    expect(await insightOf(await teamOf({ ...people('lmnop'), ...people('q', 0) }))).toBeNull();
  });

  it('withholds one in which one person is more than half', async () => {
    expect(await insightOf(await teamOf({ ...people('rstuv'), [named('w')]: 900 }))).toBeNull();
  });

  it('withholds one that differs from another team’s by a few people', async () => {
    expect(await insightOf(await teamOf(people('fghijkA')))).toBeNull();
    expect(await insightOf(await teamOf(people('fghij')))).toBeNull();
    // Five others besides one who looks and is one of them are four.
    expect(await insightOf(await teamOf(people('fghijkBCDEF')))).toBeNull();
    expect(await insightOf(await teamOf(people('fghijkBCDEFZ')))).toBe('1200');
  });

  it('withholds one that differs by fewer than the other team wants to have told of', async () => {
    const mona = await world.as('mona');
    const ask = (team: string, least: number): Promise<unknown> =>
      mona.query('select coffee.set_granularity($1, $2, $3)', [
        team,
        { least_people: least },
        MARCH,
      ]);
    const letters = '0123456789';
    const wary = await teamOf(people(letters));
    await ask(wary, 8);
    expect(await insightOf(wary)).toBe('1000');
    expect(await insightOf(await teamOf(people(`${letters}!#$%&(`)))).toBeNull();
    expect(await insightOf(await teamOf(people(`${letters}!#$%&()*+`)))).toBe('1900');
  });

  it('waits for the end of the UTC days that it sums, where the team’s own day ends before', async () => {
    const mona = await world.as('mona');
    const team = await teamOf(people('[]^_{}'));
    // At 27 hours east the day that runs in UTC is over.
    const [day] = await world.root<{ at: string }>(
      `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD') as at`,
    );
    await mona.query('select coffee.set_granularity($1, $2, $3)', [
      ...[team, { period: 'day', close_days: 0 }, day!.at],
    ]);
    await world.root(`update coffee.granularities set zone = '<X>-27' where team_id = $1`, [team]);
    expect(
      await attempt(mona, 'select coffee.publish_insights($1, $2)', [team, day!.at]),
    ).toMatchObject({
      code: INVALID,
      message: 'this period is not closed',
    });
  });

  it('does so where the other team’s periods are others, but overlap', async () => {
    const team = await teamOf(people('fghijkG'));
    const mona = await world.as('mona');
    await mona.query(`select coffee.set_granularity($1, '{"period": "week"}', $2)`, [team, MARCH]);
    expect(await insightOf(team)).toBeNull();
    const unaligned = await attempt(mona, 'select coffee.publish_insights($1, $2)', [
      team,
      '2026-03-04',
    ]);
    expect(unaligned.code).toBe(INVALID);
  });

  it('is decided once: who joins, leaves or reports later changes nothing', async () => {
    const team = await teamOf(people('HIJKLM'));
    expect(await insightOf(team)).toBe('610');
    await world.root(
      `update coffee.usage_days set calls = 5000 where person_id =
      (select id from priv.principals where name = $1)`,
      [named('H')],
    );
    expect(await insightOf(team)).toBe('610');
    const withheld = await teamOf(people('NOPQR'));
    expect(await insightOf(withheld)).toBeNull();
    await world.root(
      `insert into coffee.memberships (team_id, member_id)
       select $1, id from priv.principals where name = any ($2)`,
      [withheld, [named('H'), named('I')]],
    );
    expect(await insightOf(withheld)).toBeNull();
    await expect(
      world.root('update coffee.team_insights set value = 1 where team_id = $1', [withheld]),
    ).rejects.toMatchObject({ code: NOT_ALLOWED });
  });

  it('waits for the end of the period, and shows other teams nothing', async () => {
    const mona = await world.as('mona');
    const team = await teamOf(people('STUVWX'));
    const running = `select coffee.publish_insights($1, date_trunc('month', now())::date)`;
    expect(await attempt(mona, running, [team])).toMatchObject({
      code: INVALID,
      message: 'this period is not closed',
    });
    await insightOf(team);
    const sql = 'select value from coffee.team_insights where team_id = $1';
    expect((await mona.query(sql, [team])).rowCount).toBe(4);
    expect((await (await world.as('ben')).query(sql, [team])).rowCount).toBe(0);
  });
});
