import { openComposeStack } from './compose-stack';
import { makeRepository } from './make-repository';
import { openDashboardPage } from './open-page';

const stack = openComposeStack();

async function asksAgain(): Promise<void> {
  const look = `select state from coffee.daemon_status where name = 'daemon'`;
  await stack.compose('up', '--wait', '--no-recreate');
  await stack.until('it asks again', async () => (await stack.sql(look)) === 'waiting');
}

test('each service restarted and killed while a priority is in work: done, and done once', async () => {
  const repository = await makeRepository(stack, 'paint', { 'README.md': '# Paint\n' });
  await stack.cli('projects', 'add', 'paint', repository, '--agent', 'rehearsal');
  const order = ['--body', 'Ask: Which colour? red / green', '--project', 'paint'];
  await stack.cli('roadmap', 'add', 'Pick a colour', ...order);
  const id = await stack.question();
  const page = await openDashboardPage(stack);
  await page?.shows('Which colour?');
  for (const service of ['daemon', 'agent', 'egress', 'slackbot', 'dashboard', 'postgres']) {
    await stack.compose('restart', '--timeout', '20', service);
    await asksAgain();
  }
  for (const service of ['daemon', 'agent', 'dashboard', 'postgres']) {
    await stack.compose('kill', service);
    await asksAgain();
  }
  expect(await stack.question()).toBe(id);
  await page?.shows('Which colour?');
  await stack.cli('respond', String(id), 'green');
  await stack.untilState('Pick a colour', 'in_review');
  await page?.shows('admin answered “green”');
  if (page !== undefined) expect(await page.signedIn()).toBe('admin');
  await page?.close();
  await stack.cli('roadmap', 'accept', '1', '--project', 'paint');
  await stack.untilState('Pick a colour', 'done');

  const item = `(select id from coffee.roadmap_items where title = 'Pick a colour')`;
  const counts = await stack.sql(`select
    (select count(*) from coffee.attempts where item_id = ${item}),
    (select count(*) from coffee.notifications where item_id = ${item} and kind = 'question')`);
  expect(counts).toBe('1|1');
  const log = await stack.exec(
    'daemon',
    `git --git-dir ${repository} log --no-merges --format=%s main`,
  );
  expect(log.split('\n')).toEqual(['Priority 1: Pick a colour', 'Begin']);
});
