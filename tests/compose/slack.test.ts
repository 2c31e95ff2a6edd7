import { startSlackApi, type SlackApi } from '../support/slack-api';
import { slackRequests } from '../support/slack-request';
import { slackUser, type SlackUser } from '../support/slack-user';
import type { SlackMessage } from '../support/slack-web-methods';
import { openComposeStack, type ComposeStack } from './compose-stack';
import { makeRepository } from './make-repository';

const plain = openComposeStack();
let slack: SlackApi;
let settings: Record<string, string>;
let stack: ComposeStack;
let admin: SlackUser;

/** A loopback Slack on the host, where the bot's container finds it; admin's account is linked. */
beforeAll(async () => {
  slack = await startSlackApi(await plain.gateway('outside'));
  settings = {
    COFFEE_ROADMAP_SLACK_BOT_TOKEN: 'xoxb-test',
    COFFEE_ROADMAP_SLACK_APP_TOKEN: 'xapp-test',
    COFFEE_ROADMAP_SLACK_CHANNEL: 'C0TEAM',
    COFFEE_ROADMAP_SLACK_DIGEST_HOUR: 'off',
    COFFEE_ROADMAP_SLACK_API_URL: slack.apiUrl,
  };
  stack = openComposeStack(settings);
  await stack.compose('up', '--wait', '--no-deps', 'slackbot');
  const { code } = await stack.cli<{ code: string }>('people', 'link-slack');
  admin = slackUser(slack, 'U0ADMIN');
  await admin.send(admin.roadmap(`link ${code}`));
  await said(/^Linked/);
});
afterAll(async () => {
  await slack.close();
  await plain.compose('up', '--wait', '--no-deps', 'slackbot');
});

const said = (pattern: RegExp) =>
  slack.wait(() => slack.responses.find(({ text }) => pattern.test(String(text))), pattern.source);
const messagesOf = (question: number): SlackMessage[] =>
  slack.messages.filter(({ blocks }) =>
    new RegExp(`uestion ${question}\\b`).test(JSON.stringify(blocks)),
  );

test('asked in the container, answered and accepted in Slack, merged into the remote', async () => {
  const shop = await makeRepository(stack, 'slack-shop', { 'CHANGELOG.md': '# Changes\n' });
  await stack.cli('projects', 'add', 'slack-shop', shop, '--agent', 'rehearsal');
  const order = 'add -p slack-shop Choose a font\nAsk: Which font? Serif / Sans';
  await admin.send(admin.roadmap(order));
  await said(/Added slack-shop 1/);
  const question = await stack.question();
  const message = await slack.wait(() => messagesOf(question)[0], 'the question in the channel');

  // The bot and Postgres are killed while the question is open: it is in the channel once.
  await stack.compose('kill', 'slackbot', 'postgres');
  await stack.compose('up', '--wait', '--no-recreate');
  await admin.send(admin.click(message, 'answer_1'));
  await stack.untilState('Choose a font', 'in_review');
  await slack.wait(() => JSON.stringify(message.blocks).includes('Answered by'), 'the change');
  expect(messagesOf(question)).toHaveLength(1);

  await admin.send(admin.roadmap('accept 1 -p slack-shop'));
  await stack.untilState('Choose a font', 'done');
  const show = `git --git-dir ${shop} show main:docs/choose-a-font.md`;
  expect(await stack.exec('daemon', show)).toContain('Decided: Which font? Sans');
});

test('the daemon is paused and resumed by a command, and is in the App Home', async () => {
  const paused = `select paused_at is not null from coffee.daemon_status where name = 'daemon'`;
  await admin.send(admin.roadmap('pause'));
  await said(/^Paused: the daemon/);
  expect(await stack.sql(paused)).toBe('t');
  await admin.send(admin.openHome());
  const { view } = await slack.wait(() => slack.homes.at(-1), 'a home');
  expect(JSON.stringify(view)).toMatch(/daemon[^]*paused[^]*Spent today/);
  await admin.send(admin.roadmap('resume daemon'));
  await said(/^Resumed: daemon/);
  expect(await stack.sql(paused)).toBe('f');
});

test('the bot is healthy while its socket is open, and not while Slack is away', async () => {
  const health = () => stack.exec('slackbot', 'node dist/slackbot.js health; echo $?');
  expect(await health()).toBe('0');
  for (let i = 0; i < 100; i++)
    slack.fail('apps.connections.open', { kind: 'error', error: 'internal_error' });
  slack.socket.drop();
  await stack.until('not healthy', async () => (await health()) === '1');
  slack.heal();
  await stack.until('healthy again', async () => (await health()) === '0');
});

test('over HTTP: what Slack signed reaches the bot on the published port, nothing else does', async () => {
  const secret = 'a signing secret';
  const port = plain.port + 10_000;
  const http = openComposeStack({
    ...settings,
    COMPOSE_FILE: 'docker-compose.yml:docker-compose.slack-http.yml',
    COFFEE_ROADMAP_SLACK_APP_TOKEN: '',
    COFFEE_ROADMAP_SLACK_SIGNING_SECRET: secret,
    COFFEE_ROADMAP_SLACK_PORT: String(port),
  });
  await http.compose('up', '--wait', '--no-deps', 'slackbot');
  expect(await http.compose('port', 'slackbot', '3000')).toBe(`127.0.0.1:${port}`);
  const requests = slackRequests(() => `http://127.0.0.1:${port}`, secret);
  const paused = `select paused_at is not null from coffee.daemon_status where name = 'daemon'`;
  const pause = admin.roadmap('pause daemon');
  for (const wrong of [null, { secret: 'another' }, { at: Date.now() - 600_000 }]) {
    expect(await requests.command(pause, wrong)).toBe(401);
  }
  const passedOn = `select count(*) from coffee.slack_interactions where action = 'pause'`;
  const before = Number(await http.sql(passedOn));
  expect(await http.sql(paused)).toBe('f');
  expect(await requests.command(pause)).toBe(200);
  await said(/^Paused: daemon/);
  expect(await http.sql(paused)).toBe('t');
  expect(Number(await http.sql(passedOn))).toBe(before + 1);
  expect(await requests.command(admin.roadmap('resume daemon'))).toBe(200);
  await http.until('resumed', async () => (await http.sql(paused)) === 'f');
});
