import { openOffice, textOf, type Office } from './office';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.bot();
});
afterAll(() => office.close());

const HOSTILE =
  '<!channel> <@U0ADA> *bold* <https://evil.example|your bank> & :tada: `code`\u202e\u0007';

/** Everything that Slack would read as markup. */
function markupOf(value: unknown): string {
  const found: string[] = [];
  JSON.stringify(value, (_key, part: unknown) => {
    const text = part as { type?: string; text?: string } | null;
    if (text?.type === 'mrkdwn') found.push(text.text ?? '');
    return part;
  });
  return found.join('\n');
}

it('never lets text from people and agents become a mention, a link or markup', async () => {
  const id = await office.ask({
    title: `Which ${HOSTILE.replace(/[\u202e\u0007]/g, '')}`,
    message: HOSTILE,
    options: [{ label: HOSTILE, description: HOSTILE }, { label: '<!here>' }],
    freeText: true,
  });
  const message = await office.messageOf(id);
  expect(markupOf(message.blocks)).not.toMatch(/channel|bank|bold|tada|here>/);
  expect(message.text).not.toMatch(/<[!@h]/);
  expect(textOf(message.blocks)).not.toMatch(/[\u202e\u0007]/);
  const lines = office.slack.messages.length;
  await office.note({ title: 'Look at <!channel>', message: HOSTILE });
  const note = await office.slack.wait(() => office.slack.messages[lines], 'the line');
  expect(markupOf(note.blocks)).not.toMatch(/channel|bank/);
  expect(note.text).toContain('&lt;!channel&gt;');
});

it('keeps within Slack’s limits and says where the rest is', async () => {
  const long = `${'x🙂'.repeat(6000)}`;
  const labels = Array.from({ length: 100 }, (_unused, i) => `${i} ${'option '.repeat(25)}`);
  for (const multiple of [false, true]) {
    const id = await office.ask({
      title: 'y'.repeat(300),
      message: long,
      multiple,
      freeText: true,
      options: labels.map((label) => ({ label: label.trim(), description: 'd'.repeat(500) })),
    });
    const message = await office.messageOf(id);
    expect(textOf(message.blocks)).toContain(`coffee-roadmap notifications show ${id}`);
  }
  const lines = office.slack.messages.length;
  for (let i = 0; i < 45; i++)
    await office.note({ title: `Line ${i} ${'z'.repeat(200)}`, message: long });
  await office.slack.wait(
    () => /Line 44 /.test(textOf(office.slack.messages.slice(lines))) && true,
    'the last line',
  );
  const problems = office.slack.calls.length;
  expect(problems).toBeGreaterThan(0);
  const [row] = await office.sql<{ n: number }>(
    `select count(*)::int as n from coffee.slack_outbox where problem is not null`,
  );
  expect(row!.n).toBe(0);
});
