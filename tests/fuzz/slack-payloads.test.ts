import { getNotification } from '@coffee-roadmap/shared/notifications/queries';
import { openOffice, type Office } from '../stories/slackbot/office';
import { slackRequests } from '../support/slack-request';
import { until } from '../support/until';
import { mutate } from './mutate';
import { ROUNDS, SEED } from './rounds';

const SECRET = 'a signing secret';
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

it('goes on serving people, whatever it is sent in Slack’s name', async () => {
  const settings = { slack_app_token: '', slack_signing_secret: SECRET, slack_port: '0' };
  const bot = await office.bot(settings);
  const port = /port (\d+)/.exec(
    bot.lines.find((line) => line.includes('/slack/events')) ?? '',
  )?.[1];
  const slack = slackRequests(() => `http://127.0.0.1:${port}`, SECRET);
  const { ada } = office;
  expect(await slack.command(ada.slack.roadmap(`link ${await office.newCode()}`))).toBe(200);
  const id = await office.ask();
  const message = await office.messageOf(id);
  const clicks = [ada.slack.click(message, 'answer_0'), ada.slack.click(message, 'answer_1')];
  const events = [ada.slack.reply(message, 'MIT'), ada.slack.openHome()];
  const others = await office.ask();
  // What Bolt itself does not expect.
  for (const body of [null, 7, 'text']) {
    expect([body, await slack.event(body as never)]).toEqual([body, 400]);
    expect([body, await slack.click(body as never)]).toEqual([body, 400]);
  }
  // Side by side: what nobody takes is answered by Bolt after three seconds, what it cannot read with 500.
  const rounds = Array.from({ length: ROUNDS }, (_unused, round) => {
    const seed = SEED + round;
    const wrong = (sample: object): object => odd(mutate(JSON.stringify(sample), seed));
    return Promise.allSettled([
      slack.click(wrong(clicks[round % 2]!)),
      slack.event(wrong(events[round % 2]!)),
      slack.command({ ...wrong(ada.slack.roadmap('list')) }),
    ]);
  });
  const settled = (await Promise.all(rounds)).flat();
  const failures = settled.flatMap((one) =>
    one.status === 'rejected' ? [String(one.reason)] : [],
  );
  expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
  const outcome = await Promise.race([bot.ended, bot.health()]); // 0: it is well
  expect({ seed: SEED, outcome }).toEqual({ seed: SEED, outcome: 0 });
  const right = ada.slack.click(await office.messageOf(others), 'answer_1');
  expect(await slack.click(right)).toBe(200);
  const answered = async () => (await getNotification(ada.session, others)).state === 'answered';
  await until('the answer', answered, 15_000);
  expect(await getNotification(ada.session, others)).toMatchObject({ answer: 'Apache-2.0' });
});

function odd(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return { text };
  }
}
