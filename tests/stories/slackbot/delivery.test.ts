import { answerNotification } from '@coffee-roadmap/shared/notifications/queries';
import { openOffice, textOf, type Office } from './office';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterEach(() => office.stopBots());
afterAll(() => office.close());

const posts = (id: number): number =>
  office.slack.messages.filter(({ blocks }) => textOf(blocks).includes(`uestion ${id} `)).length;

describe('kill -9 of the bot', () => {
  it.each(['claimed', 'posted', 'recorded'])(
    '%s: the question is in the channel once',
    async (point) => {
      const id = await office.ask();
      const first = await office.bot({ crash_at: point });
      expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });
      // More lie above it than fit on the first page of what Slack tells.
      for (let i = 0; i < 3; i++) await office.note({ title: `Noise ${i}`, priority: 'critical' });
      await office.bot();
      await office.messageOf(id);
      await office.settled();
      expect(posts(id)).toBe(1);
    },
  );

  it.each(['joined', 'updated'])('%s: a line is in its message once', async (point) => {
    await office.bot();
    await office.note({ title: `Lead of ${point}`, priority: 'critical' });
    await office.settled();
    await office.stopBots();
    await office.note({ title: `Line of ${point}` });
    const first = await office.bot({ crash_at: point });
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await office.bot();
    await office.settled();
    const text = office.slack.messages.map(({ blocks }) => textOf(blocks)).join('\n');
    expect(text.split(`Line of ${point}`)).toHaveLength(2);
  });
});

it('posts once where Slack took the message and its answer was lost', async () => {
  await office.bot();
  office.slack.fail('chat.postMessage', { kind: 'lost' });
  const id = await office.ask();
  await office.messageOf(id);
  await office.settled();
  expect(posts(id)).toBe(1);
});

it('waits as long as Slack asks for', async () => {
  await office.bot();
  office.slack.fail('chat.postMessage', { kind: 'limited', retryAfterS: 1 });
  const before = office.slack.calls.length;
  const id = await office.ask();
  await office.messageOf(id);
  const [refused, taken] = office.slack.calls
    .slice(before)
    .filter(({ method }) => method === 'chat.postMessage');
  expect(taken!.at - refused!.at).toBeGreaterThanOrEqual(990);
  expect(posts(id)).toBe(1);
});

it('posts what was asked while it was away, and changes what was answered meanwhile', async () => {
  await office.bot();
  const before = await office.ask();
  const message = await office.messageOf(before);
  await office.stopBots();
  await answerNotification(office.ada.session, { id: before, answer: 'MIT', via: 'cli' });
  const meanwhile = await office.ask();
  const settledAlready = await office.ask();
  await answerNotification(office.ada.session, { id: settledAlready, answer: 'MIT', via: 'cli' });
  await office.bot();
  await office.messageOf(meanwhile);
  await office.slack.wait(() => /Answered by/.test(textOf(message.blocks)), 'the change');
  expect(posts(settledAlready)).toBe(0);
});

it('goes on after its database connections were cut and after the socket was dropped', async () => {
  const bot = await office.bot();
  await office.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename ~ '^slackbot'`,
  );
  const id = await office.ask();
  await office.messageOf(id);
  const { opened } = office.slack.socket;
  office.slack.socket.drop();
  await office.slack.wait(() => office.slack.socket.opened > opened, 'a new socket');
  await office.link(office.ada.session, office.ada.slack);
  expect(await bot.health()).toBe(0);
  // What was on its way when the socket broke comes again over the next one, and counts once.
  const message = await office.messageOf(id);
  const sent = office.ada.slack.send(office.ada.slack.click(message, 'answer_0'));
  office.slack.socket.drop();
  await sent;
  await office.slack.wait(() => /Answered by/.test(textOf(message.blocks)), 'the answer');
});

it('makes one message of a run of what only tells, and a question ends the run', async () => {
  await office.bot();
  await office.messageOf(await office.ask());
  const before = office.slack.messages.length;
  for (const title of ['one', 'two', 'three']) await office.note({ title: `Run ${title}` });
  await office.slack.wait(
    () => /Run one[^]*Run two[^]*Run three/.test(textOf(office.slack.messages[before]?.blocks)),
    'the run',
  );
  await office.messageOf(await office.ask());
  await office.note({ title: 'Run four', kind: 'warning' });
  await office.slack.wait(() => office.slack.messages[before + 2], 'a new message');
  expect(office.slack.messages).toHaveLength(before + 3);
});

it('posts to the project’s own channel, mentions whoever is on call, and sends a digest once', async () => {
  const now = new Date();
  await office.bot({
    slack_channels: 'shop=C0SHOP',
    slack_on_call: 'U0ADA,S0TEAM',
    slack_digest_hour: String(now.getUTCHours()),
  });
  const digest = await office.slack.wait(
    () => office.slack.messages.find(({ text }) => text.includes('The day to')),
    'the digest',
  );
  expect(digest.channel).toBe('C0SHOP');
  expect(textOf(digest.blocks)).toContain('Waiting for an answer');
  const id = await office.ask({ priority: 'critical' });
  const message = await office.messageOf(id);
  expect(message.channel).toBe('C0SHOP');
  expect(textOf(message.blocks)).toContain('<@U0ADA> <!subteam^S0TEAM>');
  await office.stopBots();
  await office.bot({ slack_channels: 'shop=C0SHOP', slack_digest_hour: String(now.getUTCHours()) });
  await office.settled();
  const digests = office.slack.messages.filter(
    ({ text, channel }) => text.includes('The day to') && channel === 'C0SHOP',
  );
  expect(digests).toHaveLength(1);
});

it('says what to do about a channel that it was not invited into, and posts once it was', async () => {
  office.slack.closed.add('C0CLOSED');
  const bot = await office.bot({ slack_channels: 'shop=C0CLOSED' });
  const id = await office.ask();
  await bot.said(/not_in_channel: invite the bot/);
  office.slack.closed.clear();
  expect((await office.messageOf(id)).channel).toBe('C0CLOSED');
  expect(posts(id)).toBe(1);
});

it('two bots at the same time post each question once', async () => {
  await Promise.all([office.bot(), office.bot()]);
  const ids = await Promise.all(Array.from({ length: 10 }, () => office.ask()));
  for (const id of ids) await office.messageOf(id);
  await office.settled();
  expect(ids.map(posts)).toEqual(ids.map(() => 1));
});
