import { addTeam, setMembership } from '@coffee-roadmap/shared/people/queries';
import { addProject } from '@coffee-roadmap/shared/projects/queries';
import { addItem, getItem } from '@coffee-roadmap/shared/roadmap/queries';
import { slackUser } from '../../support/slack-user';
import { openOffice, textOf, type Office } from './office';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.bot();
  await office.link(office.ada.session, office.ada.slack);
});
afterAll(() => office.close());

/** What the bot says to the command, to whoever sent it alone. */
async function roadmap(text: string, user = office.ada.slack): Promise<string> {
  const before = office.slack.responses.length;
  const { ackMs } = await user.send(user.roadmap(text));
  expect(ackMs).toBeLessThan(3000);
  const response = await office.slack.wait(
    () => office.slack.responses[before],
    `an answer to ${text}`,
  );
  expect(response.response_type).toBe('ephemeral');
  return textOf(response.blocks);
}

it('adds, lists, shows, accepts and reopens with the person’s rights', async () => {
  const { session } = office.ada;
  expect(await roadmap('add Say hello\nIn the reader’s language')).toContain(
    'Added shop 1. Say hello',
  );
  expect(await getItem(session, office.project, '1')).toMatchObject({
    title: 'Say hello',
    body: 'In the reader’s language',
    created_by: session.me.id,
  });
  expect(await roadmap('list')).toMatch(/1\. Say hello\nplanned/);
  expect(await roadmap('view 1')).toContain('In the reader’s language');
  expect(await roadmap('accept 1')).toContain('priority 1 is planned, not in review');
  expect(await roadmap('view 99')).toContain('there is no priority 99');
  await office.sql(`update coffee.roadmap_items set state = 'in_review' where number = '1'`);
  expect(await roadmap('accept 1')).toContain('Accepted shop 1: done.');
  expect(await roadmap('reopen 1 The greeting is too long')).toContain('planned again');
  expect(await getItem(session, office.project, '1')).toMatchObject({
    state: 'planned',
    feedback: 'The greeting is too long',
  });
});

it('says what there is, also for words that it does not know', async () => {
  expect(await roadmap('')).toContain('/roadmap list');
  expect(await roadmap('dance')).toContain('There is no /roadmap dance.');
  expect(await roadmap('pause')).toContain('there is no such daemon');
});

it('adds once, however often the command is delivered', async () => {
  const { slack } = office.ada;
  const command = slack.roadmap('add Only once');
  await Promise.all(Array.from({ length: 8 }, () => slack.send(command)));
  await office.slack.wait(
    () => office.slack.responses.some(({ text }) => /Only once/.test(String(text))),
    'the answer',
  );
  await roadmap('list');
  const [count] = await office.sql<{ n: number }>(
    `select count(*)::int as n from coffee.roadmap_items where title = 'Only once'`,
  );
  expect(count!.n).toBe(1);
});

it('does nothing for an account that is not linked', async () => {
  const eve = slackUser(office.slack, 'U0EVE');
  for (const command of ['list', 'view 1', 'add Mine', 'accept 1', 'pause']) {
    expect(await roadmap(command, eve)).toContain('/roadmap link CODE');
  }
  expect(await roadmap('link 0000-0000-0000', eve)).toContain('this code is not valid');
});

it('writes down each command once, also one that only looks', async () => {
  const { session, slack } = office.ada;
  const count = async (): Promise<Record<string, unknown>> => {
    const rows = await office.sql<{ action: string; n: number }>(
      `select action, count(*)::int as n from coffee.slack_interactions where person_id = $1 group by 1`,
      [session.me.id],
    );
    return Object.fromEntries(rows.map(({ action, n }) => [action, n]));
  };
  const before = await count();
  const { responses } = office.slack;
  const said = responses.length;
  const list = slack.roadmap('list');
  await slack.send(list);
  await slack.send(list, { attempt: 1, reason: 'timeout' });
  await slack.send(slack.roadmap('view 1'));
  await slack.send(slack.roadmap('what?'));
  await office.slack.wait(() => responses.length === said + 4, 'four answers');
  const after = await count();
  for (const action of ['list', 'view', 'help']) {
    expect([action, after[action]]).toEqual([action, Number(before[action] ?? 0) + 1]);
  }
});

it('shows and changes nothing of a team that the person is not in', async () => {
  const { session } = office.ada;
  await addTeam(session, 'other');
  const [team] = await office.sql<{ id: string }>(
    `select id from coffee.teams where name = 'other'`,
  );
  const projectId = await addProject(session, {
    teamId: team!.id,
    name: 'vault',
    repository: '/v',
  });
  await addItem(session, { projectId, title: 'Secret plan' });
  const member = { team: 'other', kind: 'person', member: 'ada' } as const;
  expect(await roadmap('list -p vault')).toContain('Secret plan');
  await setMembership(session, { ...member, role: null });
  for (const command of ['list -p vault', 'view 1 -p vault', 'add x --project other/vault']) {
    expect(await roadmap(command)).toContain('that you see');
  }
});

it('shows questions, daemons and spend in the App Home, where they can be answered', async () => {
  const { slack, ada } = office;
  const id = await office.ask({ title: 'At home?' });
  await ada.slack.send(ada.slack.openHome());
  const { view, user } = await slack.wait(() => slack.homes.at(-1), 'a home');
  expect(user).toBe('U0ADA');
  const text = textOf(view.blocks);
  expect(text).toContain('At home?');
  expect(text).toContain('Spent today (UTC): *$0.00*');
  const inHome = {
    ...(await office.messageOf(id)),
    blocks: view.blocks as Record<string, unknown>[],
  };
  const click = ada.slack.click(inHome, 'answer_0');
  const inView = { channel: undefined, message: undefined, container: { type: 'view' } };
  const homes = slack.homes.length;
  await ada.slack.send({ ...click, ...inView, view: { ...view, id: 'V1' } });
  const after = await slack.wait(() => slack.homes[homes], 'the home after the answer');
  expect(textOf(after.view.blocks)).not.toContain('At home?');

  const eve = slackUser(slack, 'U0EVE');
  await eve.send(eve.openHome());
  const theirs = await slack.wait(
    () => slack.homes.find((home) => home.user === 'U0EVE'),
    'a home',
  );
  expect(textOf(theirs.view.blocks)).toContain('not linked');
});
