import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { scriptedAgent } from '../../support/scripted-agent';
import { createStack, git, type Stack } from '../../support/stack';

interface Told {
  id: string;
  answer: string;
  answered_by: string | null;
}

let stack: Stack;
let repository: string;
let ada: HelpfulPerson;
let bob: HelpfulPerson;

beforeEach(async () => {
  stack = await createStack();
  repository = stack.repository('shop');
  ada = await helpfulPerson(stack, 'Ada');
  bob = await helpfulPerson(stack, 'Bob');
});
afterEach(() => stack.close());

/** What the agent wrote down of the answers that it was given. */
async function told(): Promise<Told[]> {
  await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);
  const [{ branch } = { branch: '' }] = await stack.sql<{ branch: string }>(
    'select branch from coffee.roadmap_items',
  );
  const lines = git(repository, 'show', `${branch}:answers.jsonl`).split('\n');
  return lines.map((line) => JSON.parse(line) as Told);
}

async function pending(title: string): Promise<number> {
  const open = `select id from coffee.notifications where title = $1 and state = 'pending'`;
  await stack.until(`select count(*) = 1 as ok from (${open}) n`, [title]);
  return (await stack.sql<{ id: number }>(open, [title]))[0]!.id;
}

const ANSWER = 'select coffee.answer($1, $2)';

describe('a question', () => {
  it('that two people answer in the same moment has one answer, and the other is told who gave it', async () => {
    const rounds = Array.from({ length: 25 }, (_, i) => String(i));
    const orders = rounds.map((id) => ({ type: 'question', id, title: `Round ${id}?` }));
    await ada.plan(repository, [{ title: 'Ask a lot' }], scriptedAgent(orders));
    await stack.daemon('worker');

    const winners: Told[] = [];
    for (const round of rounds) {
      const id = await pending(`Round ${round}?`);
      const both = await Promise.allSettled([
        ada.call(ANSWER, id, 'from Ada'),
        bob.call(ANSWER, id, 'from Bob'),
      ]);
      const [won, lost] = both[0].status === 'fulfilled' ? ['Ada', 'Bob'] : ['Bob', 'Ada'];
      winners.push({ id: round, answer: `from ${won}`, answered_by: won });
      const refusal = both.find((one) => one.status === 'rejected');
      expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      expect(refusal?.reason).toMatchObject({
        code: 'CR001',
        message: `${won} answered "from ${won}" already`,
      });
      // Late is late, for whoever it was.
      const late = lost === 'Ada' ? ada : bob;
      await expect(late.call(ANSWER, id, 'again')).rejects.toThrow(`${won} answered`);
    }
    expect(await told()).toEqual(winners);
  });

  it('with a timeout takes its stated default, and who answers later is told so', async () => {
    const orders = [
      { type: 'question', id: 'a', title: 'Ship it?', options: ['Yes', 'No'] },
      { type: 'question', id: 'b', title: 'Wait?', options: ['Yes', 'No'] },
    ].map((order) => ({ ...order, ...(order.id === 'b' ? { timeout_s: 1, default: 'no' } : {}) }));
    await ada.plan(repository, [{ title: 'Ask in time' }], scriptedAgent(orders));
    await stack.daemon('worker');
    await ada.call(ANSWER, await pending('Ship it?'), '1');

    expect(await told()).toEqual([
      { id: 'a', answer: 'Yes', answered_by: 'Ada' },
      { id: 'b', answer: 'No', answered_by: null },
    ]);
    const [late] = await stack.sql<{ id: number; state: string }>(
      `select id, state from coffee.notifications where title = 'Wait?'`,
    );
    expect(late!.state).toBe('timed_out');
    await expect(bob.call(ANSWER, late!.id, 'yes')).rejects.toThrow(
      'nobody answered in time; "No" was taken',
    );
  });

  it('that waits for ever outlives the daemon, is not asked twice, and is answered meanwhile', async () => {
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask: Which? MIT / Apache' }]);
    const first = await stack.daemon('worker');
    const id = await pending('Which?');
    await first.stop();
    expect(
      await stack.sql('select state, lease_until from daemon.task_queue, coffee.roadmap_items'),
    ).toEqual([{ state: 'in_progress', lease_until: null }]);
    await bob.call(ANSWER, id, 'apache');

    await stack.daemon('worker');
    await ada.help();
    const [seen] = await stack.sql(`select
      (select count(*) from coffee.notifications where kind = 'question') as questions,
      (select count(*) from coffee.attempts) as attempts`);
    expect(seen).toEqual({ questions: 1, attempts: 1 });
    expect(git(repository, 'show', 'main:docs/choose-a-licence.md')).toContain(
      'Decided: Which? Apache',
    );
  });

  it('of an item that a person stops is withdrawn, and an answer is turned down', async () => {
    const [item] = await ada.plan(repository, [
      { title: 'Choose', body: 'Ask: Which? MIT / Apache' },
    ]);
    await stack.daemon('worker');
    const id = await pending('Which?');
    await bob.call('select coffee.stop_item($1)', item);
    await expect(ada.call(ANSWER, id, 'mit')).rejects.toThrow('the question was withdrawn');
  });
});
