import { createTeam, type Person, type Team } from './team';

let team: Team;
let bob: Person;

beforeAll(async () => {
  team = await createTeam();
  bob = await team.person('Bob');
  await team.project('shop');
});
afterAll(() => team.close());

const ask = async (title: string): Promise<string> =>
  String((await bob.cli.json<{ id: number }>(['notifications', 'ask', title])).id);

interface Line {
  id: number;
  title: string;
  state: string;
  answer: string | null;
}
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** Ends every connection to the database and lets nobody in: what clients see of a restart. */
async function takeAway(): Promise<() => Promise<void>> {
  const { database } = team;
  const { name } = database;
  const elsewhere = await database.connect(database.superuserUrl.replace(name, 'postgres'));
  await elsewhere.query(`alter database ${name} with allow_connections false`);
  await elsewhere.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
    [name],
  );
  return async () => {
    await elsewhere.query(`alter database ${name} with allow_connections true`);
    await elsewhere.end();
  };
}

it('shows open questions, new ones, answers, and goes on when the database comes back', async () => {
  const before = await ask('Asked before?');
  const watching = team.ada.cli.start(['notifications', 'watch', '--json']);
  await watching.said(/Asked before\?/);
  const during = await ask('Asked meanwhile?');
  await watching.said(/Asked meanwhile\?/);
  await bob.cli.run(['respond', before, 'yes']);
  await watching.said(/"answered"/);

  const bringBack = await takeAway();
  await watching.said(/the database is away; waiting for it/, 'stderr');
  await bringBack();
  await watching.said(/connected again/, 'stderr');
  await bob.cli.run(['respond', during, 'no']);
  const after = await ask('Asked afterwards?');
  await watching.said(/Asked afterwards\?/);
  watching.kill('SIGINT');
  const { code, stdout, stderr } = await watching.ended;
  expect(code).toBe(0);
  expect(stderr).toBe('the database is away; waiting for it\nconnected again\n');
  expect(linesOf(stdout).map(({ id, state, answer }) => [id, state, answer])).toEqual([
    [Number(before), 'pending', null],
    [Number(during), 'pending', null],
    [Number(before), 'answered', 'yes'],
    [Number(during), 'answered', 'no'],
    [Number(after), 'pending', null],
  ]);
});

it('shows the status anew whenever something changes', async () => {
  const watching = team.ada.cli.start(['status', '--watch', '--json']);
  await watching.said(/"daemons"/);
  await bob.cli.run(['roadmap', 'add', 'Greet people']);
  await watching.said(/"planned":1/);
  const plain = team.ada.cli.start(['status', '--watch']);
  await plain.said(/PROJECT/);
  for (const one of [watching, plain]) {
    one.kill('SIGINT');
    expect((await one.ended).code).toBe(0);
  }
  for (const line of linesOf(watching.stdout())) expect(line).toHaveProperty('projects');
});

it('ends quietly when nobody reads any more', async () => {
  const watching = team.ada.cli.start(['notifications', 'watch']);
  await watching.said(/Asked afterwards\?/);
  watching.closeOutput();
  await ask('Into the void?');
  expect(await watching.ended).toMatchObject({ code: 0, stderr: '' });
});
