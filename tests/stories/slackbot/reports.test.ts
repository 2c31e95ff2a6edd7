import { acceptItem, addItem } from '@coffee-roadmap/shared/roadmap/queries';
import { openOffice, textOf, type Office } from './office';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterEach(() => office.stopBots());
afterAll(() => office.close());

/** A priority in this state, with one attempt that cost so much. */
async function priority(title: string, state: string, costUsd: number): Promise<number> {
  const { session } = office.ada;
  const { id } = await addItem(session, { projectId: office.project, title });
  await office.sql(
    `insert into coffee.attempts (project_id, item_id, attempt, daemon_id, agent, cost_usd)
     values ($1, $2, 1, $3, 'rehearsal', $4)`,
    [office.project, id, session.me.id, costUsd],
  );
  await office.sql('update coffee.roadmap_items set state = $2::coffee.item_state where id = $1', [
    id,
    state,
  ]);
  return id;
}

it('a question says for which priority, by whom, and what it has cost so far', async () => {
  await office.bot();
  const itemId = await priority('Paint the shed', 'in_progress', 1.25);
  const text = textOf((await office.messageOf(await office.ask({ itemId }))).blocks);
  expect(text).toMatch(/shop · 1\. Paint the shed/);
  expect(text).toContain('by ada');
  expect(text).toContain('cost so far $1.25 as reported');
});

it('the digest says what was done, is to be reviewed, waits and is blocked, and what was spent', async () => {
  const done = await priority('Build the shed', 'in_review', 0.5);
  await acceptItem(office.ada.session, done);
  await priority('Light the shed', 'in_review', 0.25);
  await priority('Heat the shed', 'blocked', 2);
  await office.ask({ title: 'How warm?' });
  await office.bot({ slack_digest_hour: String(new Date().getUTCHours()) });
  const digest = await office.slack.wait(
    () => office.slack.messages.find(({ text }) => text.includes('The day to')),
    'the digest',
  );
  expect(digest.text).toContain('1 done, 2 waiting, 1 blocked, $4.00 spent');
  expect(textOf(digest.blocks)).toMatch(
    /Done: 1\*\nshop 2\. Build the shed\n\*To review: 1\*\nshop 3\. Light the shed\n\*Waiting for an answer: 2\*[^]*How warm\?[^]*\*Blocked: 1\*\nshop 4\. Heat the shed\nSpent: \*\$4\.00\*/,
  );
});
