import {
  answerNotification,
  getNotification,
  withdrawNotification,
} from '@coffee-roadmap/shared/notifications/queries';
import { slackUser } from '../../support/slack-user';
import type { SlackMessage } from '../../support/slack-web-methods';
import { openOffice, textOf, type Office } from './office';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.bot();
  await office.link(office.ada.session, office.ada.slack);
});
afterAll(() => office.close());

const stateOf = (id: number) => getNotification(office.ada.session, id);

async function answered(id: number): Promise<string | null> {
  const { slack } = office;
  const message = await office.messageOf(id);
  await slack.wait(() => /Answered by/.test(textOf(message.blocks)), `the answer to ${id}`);
  return (await stateOf(id)).answer;
}

it('a click answers, within three seconds, and the message shows who, what and from where', async () => {
  const { ada } = office;
  const id = await office.ask();
  const message = await office.messageOf(id);
  expect(textOf(message.blocks)).toContain('Which licence?');
  const { ackMs } = await ada.slack.send(ada.slack.click(message, 'answer_1'));
  expect(ackMs).toBeLessThan(3000);
  expect(await answered(id)).toBe('Apache-2.0');
  const text = textOf(message.blocks);
  expect(text).toContain('ada');
  expect(text).toContain('Slack');
  expect(message.blocks.some(({ type }) => type === 'actions')).toBe(false);
  expect(await stateOf(id)).toMatchObject({ answered_by_name: 'ada', answered_via: 'slack' });
});

it('a click that is delivered eight times at once, and again with retry headers, counts once', async () => {
  const { ada, slack } = office;
  const id = await office.ask();
  const click = ada.slack.click(await office.messageOf(id), 'answer_0');
  const before = slack.ephemerals.length;
  await Promise.all(Array.from({ length: 8 }, () => ada.slack.send(click)));
  await ada.slack.send(click, { attempt: 1, reason: 'timeout' });
  expect(await answered(id)).toBe('MIT');
  const [count] = await office.sql<{ n: number }>(
    'select count(*)::int as n from coffee.slack_interactions where notification_id = $1',
    [id],
  );
  expect(count!.n).toBe(1);
  expect(slack.ephemerals.slice(before)).toEqual([]);
});

it('a double click is no second answer', async () => {
  const { ada, slack } = office;
  const id = await office.ask();
  const message = await office.messageOf(id);
  const before = slack.ephemerals.length;
  const clicks = [ada.slack.click(message, 'answer_0'), ada.slack.click(message, 'answer_0')];
  await Promise.all(clicks.map((click) => ada.slack.send(click)));
  expect(await answered(id)).toBe('MIT');
  expect(slack.ephemerals.slice(before)).toEqual([]);
});

it('a click that comes after somebody else’s answer is told so', async () => {
  const { ada, slack } = office;
  const id = await office.ask();
  const message = await office.messageOf(id);
  const click = ada.slack.click(message, 'answer_0');
  const bob = await office.person('bob');
  await answerNotification(bob, { id, answer: 'Apache-2.0', via: 'cli' });
  await ada.slack.send(click);
  const told = await slack.wait(() => slack.ephemerals.at(-1), 'the word to ada');
  expect(told).toMatchObject({ user: 'U0ADA', channel: 'C0TEAM' });
  expect(told.text).toContain('bob answered "Apache-2.0" already');
  expect(await answered(id)).toBe('Apache-2.0');
  expect(textOf(message.blocks)).toContain('the command line');
});

it('somebody who is not linked changes nothing and is told how to link', async () => {
  const { slack } = office;
  const eve = slackUser(slack, 'U0EVE');
  const id = await office.ask();
  const message = await office.messageOf(id);
  await eve.send(eve.click(message, 'answer_0'));
  const told = await slack.wait(
    () => slack.ephemerals.find(({ user }) => user === 'U0EVE'),
    'a word',
  );
  expect(told.text).toContain('/roadmap link CODE');
  await eve.send(eve.reply(message, 'MIT'));
  await slack.wait(
    () => slack.ephemerals.filter(({ user }) => user === 'U0EVE').length === 2,
    'the second word',
  );
  expect((await stateOf(id)).state).toBe('pending');
});

it('"Something else…" opens a modal, and what it says is the answer', async () => {
  const { ada, slack } = office;
  const id = await office.ask({ freeText: true });
  await ada.slack.send(ada.slack.click(await office.messageOf(id), 'other'));
  const { view } = await slack.wait(() => slack.views.at(-1), 'a modal');
  await ada.slack.send(ada.slack.submit(view, 'Ask a lawyer'));
  expect(await answered(id)).toBe('Ask a lawyer');
  const rows = await office.sql(
    'select action from coffee.slack_interactions where notification_id = $1 order by action',
    [id],
  );
  expect(rows).toEqual([{ action: 'answer' }, { action: 'words' }]);
});

it('a reply in the thread is an answer in words', async () => {
  const { ada } = office;
  const id = await office.ask({ options: [], title: 'What is its name?' });
  const message = await office.messageOf(id);
  await ada.slack.send(ada.slack.reply(message, 'Fish &amp; Chips <https://example.com|example>'));
  expect(await answered(id)).toBe('Fish & Chips https://example.com');
});

it('a reply counts also when it is quicker than the bot, which knows nothing of its message yet', async () => {
  const { ada, slack } = office;
  // Slack took the message, and the bot waits a second before it looks for it.
  slack.fail('chat.postMessage', { kind: 'lost' });
  const id = await office.ask({ options: [], title: 'Who is quicker?' });
  const message = await office.messageOf(id);
  await ada.slack.send(ada.slack.reply(message, 'I am'));
  expect(await answered(id)).toBe('I am');
});

it('a reply that is none of the options is told what they are', async () => {
  const { ada, slack } = office;
  const id = await office.ask();
  const message = await office.messageOf(id);
  const before = slack.ephemerals.length;
  await ada.slack.send(ada.slack.reply(message, 'GPL'));
  const told = await slack.wait(() => slack.ephemerals[before], 'the word to ada');
  expect(told.text).toContain('this is not one of the answers');
  expect(told.text).toContain('2: Apache-2.0');
  expect((await stateOf(id)).state).toBe('pending');
});

describe('whoever answers is told what became of it', () => {
  const wordsFor = async (id: number, answer: (message: SlackMessage) => object) => {
    const { ada, slack } = office;
    const message = await office.messageOf(id);
    const before = slack.ephemerals.length;
    await ada.slack.send(answer(message) as Record<string, unknown>);
    return (await slack.wait(() => slack.ephemerals[before], 'the word to ada')).text;
  };

  it('also when Slack does not take the word at once', async () => {
    const { ada, slack } = office;
    const id = await office.ask();
    slack.fail('chat.postEphemeral', { kind: 'error', error: 'internal_error' });
    slack.fail('chat.postEphemeral', { kind: 'limited', retryAfterS: 1 });
    const told = await wordsFor(id, (message) => ada.slack.reply(message, 'GPL'));
    expect(told).toContain('this is not one of the answers');
  });

  it.each(['slack_outbox', 'notifications'])(
    'also when %s cannot be read before the answer is given',
    async (table) => {
      const { ada } = office;
      const id = await office.ask();
      const message = await office.messageOf(id);
      await office.settled();
      await office.sql(`revoke select on coffee.${table} from coffee_slackbot`);
      const answers = [ada.slack.reply(message, 'MIT')];
      if (table === 'notifications') answers.push(ada.slack.click(message, 'answer_0'));
      for (const answer of answers) {
        expect(await wordsFor(id, () => answer)).toMatch(/did not count[^]*Please answer again/);
      }
      await office.sql(`grant select on coffee.${table} to coffee_slackbot`);
      await ada.slack.send(ada.slack.reply(message, 'MIT'));
      expect(await answered(id)).toBe('MIT');
    },
  );

  it('also when Slack opens no form', async () => {
    const { ada, slack } = office;
    const id = await office.ask({ freeText: true });
    slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
    const told = await wordsFor(id, (message) => ada.slack.click(message, 'other'));
    expect(told).toContain('click again, or reply in the thread');
  });
});

it('six options are a select, several to choose are boxes', async () => {
  const { ada } = office;
  const options = ['red', 'green', 'blue, dark', 'blue', 'black', 'white'].map((label) => ({
    label,
  }));
  const one = await office.ask({ options });
  const message = await office.messageOf(one);
  const selected = { value: `${one}:2`, text: { type: 'plain_text', text: 'blue, dark' } };
  await ada.slack.send(ada.slack.click(message, 'answer_select', { selected_option: selected }));
  expect(await answered(one)).toBe('blue, dark');

  const many = await office.ask({ options, multiple: true });
  const boxes = await office.messageOf(many);
  const ticked = [4, 2].map((index) => ({ value: `${many}:${index}` }));
  const state = {
    values: { [`answer:${many}`]: { pick: { type: 'checkboxes', selected_options: ticked } } },
  };
  await ada.slack.send(ada.slack.click(boxes, 'answer_picked', { state }));
  expect(await answered(many)).toBe('blue, dark, black');
});

it('a question that times out, and one that is withdrawn, show it', async () => {
  const timed = await office.ask({ timeoutS: 1.5, defaultAnswer: 'MIT' });
  const message = await office.messageOf(timed);
  const withdrawn = await office.ask();
  const other = await office.messageOf(withdrawn);
  await withdrawNotification(office.ada.session, withdrawn);
  await office.slack.wait(() => textOf(other.blocks).includes('Withdrawn'), 'the withdrawal');
  await office.slack.wait(
    () => /Nobody answered in time/.test(textOf(message.blocks)),
    'the timeout',
  );
  expect(textOf(message.blocks)).toContain('MIT');
});
