import { createTeam, type Person, type Team } from './team';

let team: Team;
let bob: Person;

beforeAll(async () => {
  team = await createTeam();
  bob = await team.person('Bob');
  await team.project('shop');
});
afterAll(() => team.close());

const ask = async (...options: string[]): Promise<string> => {
  const args = ['notifications', 'ask', 'Which logo?', '-o', 'small', '-o', 'large', ...options];
  return String((await team.ada.cli.json<{ id: number }>(args)).id);
};

it('of two people who answer at once, one wins and the other is told who', async () => {
  for (let round = 0; round < 3; round++) {
    const id = await ask();
    const [a, b] = await Promise.all([
      team.ada.cli.run(['respond', id, 'small']),
      bob.cli.run(['respond', id, '2']),
    ]);
    expect([a.code, b.code].sort()).toEqual([0, 5]);
    const [winner, answer] = a.code === 0 ? ['Ada', 'small'] : ['Bob', 'large'];
    const loser = a.code === 0 ? b : a;
    expect(loser.stderr).toBe(
      `error: ${winner} answered "${answer}" already\nhint:  coffee-roadmap notifications show ${id}\n`,
    );
    expect(await bob.cli.json(['notifications', 'show', id])).toMatchObject({
      state: 'answered',
      answer,
      answered_by: winner,
      answered_via: 'cli',
    });
  }
});

it('refuses what is not among the options, and says what is', async () => {
  const id = await ask();
  const result = await bob.cli.run(['respond', id, 'blue', 'and', 'green']);
  expect(result).toMatchObject({
    code: 2,
    stderr: 'error: this is not one of the answers\nhint:  1: small, 2: large\n',
  });
  expect(await bob.cli.json(['respond', id, 'LARGE'])).toMatchObject({ answer: 'large' });
});

it('joins the words of an answer, and takes several choices', async () => {
  const free = await ask('--free-text');
  const answered = await bob.cli.json(['respond', free, 'none', 'of', 'them']);
  expect(answered).toMatchObject({ answer: 'none of them' });
  const many = await ask('--multiple');
  expect(await bob.cli.json(['respond', many, '1,', '2'])).toMatchObject({
    answer: 'small, large',
  });
});

it('waits for an answer, and takes the default when the time has passed', async () => {
  const asking = team.ada.cli.start(['notifications', 'ask', 'Deploy?', '-o', 'yes', '--wait']);
  await asking.said(/question \d+ waits for an answer/, 'stderr');
  const { notifications } = await bob.cli.json<{ notifications: { id: number; title: string }[] }>([
    'notifications',
  ]);
  const { id } = notifications.find((note) => note.title === 'Deploy?')!;
  await bob.cli.run(['respond', String(id), 'yes']);
  expect(await asking.ended).toMatchObject({ code: 0, stdout: 'yes\n' });

  const timed = await team.ada.cli.run([
    ...['notifications', 'ask', 'Now?', '-o', 'yes', '-o', 'no'],
    ...['--timeout', '1s', '--default', 'no', '--wait'],
  ]);
  expect(timed).toMatchObject({ code: 0, stdout: 'no\n' });
});

it('refuses to answer without a terminal when no answer is given', async () => {
  const id = await ask();
  expect(await bob.cli.run(['respond', id])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('1) small'),
  });
});
