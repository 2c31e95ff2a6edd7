import { readFileSync } from 'node:fs';
import path from 'node:path';
import { getNotification } from '@coffee-roadmap/shared/notifications/queries';
import { slackRequests } from '../../support/slack-request';
import { openOffice, type Office } from './office';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterEach(async () => {
  office.slack.heal();
  await office.stopBots();
});
afterAll(() => office.close());

it('idles, well, with one clear line where no tokens are set', async () => {
  const bot = await office.idle();
  await bot.said(/no Slack tokens are set/);
  expect(bot.lines).toHaveLength(1);
  expect(await bot.health()).toBe(0);
  await bot.stop();
  expect((await bot.ended).code).toBe(0);
});

it('says all that is wrong with its settings at once', async () => {
  const bot = await office.idle({ slack_bot_token: 'xoxp-1', slack_channel: 'general' });
  expect((await bot.ended).code).toBe(1);
  const said = bot.lines.join('\n');
  for (const part of ['DATABASE_URL', 'xoxb-', 'APP_TOKEN', '"general"'])
    expect(said).toContain(part);
});

it('ends with what to do when Slack refuses the token', async () => {
  office.slack.fail('auth.test', { kind: 'error', error: 'invalid_auth' });
  const bot = await office.bot({ crash_at: 'never' });
  expect((await bot.ended).code).toBe(1);
  expect(bot.lines.join('\n')).toContain('Slack refuses the bot token: invalid_auth');
});

it('is not well while Slack is away', async () => {
  const bot = await office.bot();
  expect(await bot.health()).toBe(0);
  for (let i = 0; i < 50; i++)
    office.slack.fail('apps.connections.open', { kind: 'error', error: 'internal_error' });
  office.slack.socket.drop();
  await bot.said(/not connected to Slack/);
  expect(await bot.health()).toBe(1);
});

const SECRET = 'a signing secret';

it('takes signed requests over HTTP, and nothing that is not signed, wrongly signed or old', async () => {
  const bot = await office.bot({
    slack_app_token: '',
    slack_signing_secret: SECRET,
    slack_port: '0',
  });
  const line = bot.lines.find((text) => text.includes('/slack/events')) ?? '';
  const port = Number(/port (\d+)/.exec(line)?.[1]);
  const slack = slackRequests(() => `http://127.0.0.1:${port}`, SECRET);
  expect(await slack.event({ type: 'url_verification', challenge: 'c' })).toBe(200);

  const { ada } = office;
  const id = await office.ask();
  const click = ada.slack.click(await office.messageOf(id), 'answer_0');
  for (const wrong of [null, { secret: 'another' }, { at: Date.now() - 600_000 }]) {
    expect(await slack.click(click, wrong)).toBe(401);
  }
  const link = await office.newCode();
  expect(await slack.command(ada.slack.roadmap(`link ${link}`))).toBe(200);
  await office.slack.wait(
    () => office.slack.responses.some(({ text }) => /^Linked/.test(String(text))),
    'the link',
  );
  expect(await slack.click(click)).toBe(200);
  await office.slack.wait(
    () => office.slack.messages.some(({ edits }) => edits > 0),
    'the change of the message',
  );
  expect(await getNotification(ada.session, id)).toMatchObject({
    state: 'answered',
    answer: 'MIT',
  });

  const again = Array.from({ length: 8 }, (_unused, i) =>
    slack.click(click, {}, { 'x-slack-retry-num': String(i), 'x-slack-retry-reason': 'late' }),
  );
  expect(await Promise.all(again)).toEqual(again.map(() => 200));
  const [row] = await office.sql<{ n: number }>(
    'select count(*)::int as n from coffee.slack_interactions where notification_id = $1',
    [id],
  );
  expect(row!.n).toBe(1);
});

it('holds a click while the database is away and passes it on when it is back', async () => {
  await office.bot();
  await office.link(office.ada.session, office.ada.slack);
  const id = await office.ask();
  const click = office.ada.slack.click(await office.messageOf(id), 'answer_0');
  const { name } = office.database;
  const [{ login }] = (await office.sql<{ login: string }>(
    `select login from priv.principals where kind = 'slackbot'`,
  )) as [{ login: string }];
  await office.sql(`alter role ${login} connection limit 0`);
  await office.sql('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
    login,
  ]);
  expect((await office.ada.slack.send(click)).ackMs).toBeLessThan(3000);
  await office.sql(`alter role ${login} connection limit 40`);
  await office.slack.wait(
    () =>
      office.slack.messages.some(({ blocks }) => JSON.stringify(blocks).includes(`question ${id}`)),
    `the answer in ${name}`,
  );
  expect(await getNotification(office.ada.session, id)).toMatchObject({ answer: 'MIT' });
});

it.each(['acknowledged', 'answered'])(
  'killed when a click was %s: nothing is half done, and the next click counts or is told',
  async (point) => {
    const killed = await office.bot({ crash_at: point });
    await killed.said(/ serves Slack/);
    const id = await office.ask();
    const message = await office.messageOf(id);
    await office.ada.slack.send(office.ada.slack.click(message, 'answer_0'));
    expect((await killed.ended).signal).toBe('SIGKILL');
    const { state } = await getNotification(office.ada.session, id);
    expect(state).toBe(point === 'answered' ? 'answered' : 'pending');
    const click = office.ada.slack.click(message, 'answer_1');
    await office.bot();
    await office.ada.slack.send(click);
    await office.slack.wait(() => message.edits > 0, 'the change of the message');
    const { answer } = await getNotification(office.ada.session, id);
    expect(answer).toBe(point === 'answered' ? 'MIT' : 'Apache-2.0');
  },
);

it('has in manifest.json what the bot uses', () => {
  const file = path.join(process.cwd(), 'services/slackbot/manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    features: { slash_commands: { command: string }[]; app_home: object };
    oauth_config: { scopes: { bot: string[] } };
    settings: { event_subscriptions: { bot_events: string[] }; socket_mode_enabled: boolean };
  };
  expect(manifest.features.slash_commands[0]!.command).toBe('/roadmap');
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(
    expect.arrayContaining(['message.channels', 'message.groups', 'app_home_opened']),
  );
  expect(manifest.oauth_config.scopes.bot).toEqual(
    expect.arrayContaining(['chat:write', 'commands', 'channels:history', 'groups:history']),
  );
});
