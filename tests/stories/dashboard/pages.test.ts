import { inBrowser } from './in-browser';

inBrowser('the pages, in a real browser', (here) => {
  const { open } = here;

  it('shows a stranger how to sign in, and totals', async () => {
    const { page } = await here.browser.open();
    await here.browser.visit(page, () => Promise.resolve(here.office.dashboard.address), '.tiles');
    expect(await page.innerText('main')).toContain('coffee-roadmap dashboard --link');
    expect(await page.innerText('main')).not.toContain('secret');
    await page.context().close();
  });

  it('signs in by a link, whose code is gone from the address', async () => {
    const page = await open('ben');
    expect(page.url()).toBe(`${here.office.dashboard.address}/`);
    expect(await page.innerText('header')).toContain('ben');
    const { value, httpOnly } = (await page.context().cookies())[0]!;
    expect(httpOnly).toBe(true);
    expect(await page.evaluate('document.cookie')).not.toContain(value);
    await page.context().close();
  });

  it('shows what daemons do, and each step as it happens', async () => {
    const page = await open('ben');
    const { item, attempt, fence } = here.office.world.ids.red;
    const daemon = await here.office.world.as('daemon');
    await daemon.query('select daemon.report($1)', [
      { state: 'working', item_id: item, attempt_id: attempt },
    ]);
    await page.waitForSelector('.daemon.working >> text=red secret work');
    const words = '<img src=x onerror=alert(1)> edits main.ts';
    await daemon.query(`select daemon.record_step($1, $2, 'tool', $3)`, [item, fence, words]);
    await page.waitForSelector(`.steps >> text=${words}`);
    expect(await page.locator('main img').count()).toBe(0);
    await page.context().close();
  });

  it('answers a question; another browser sees who did, without a reload', async () => {
    const [ben, anna] = [await open('ben'), await open('anna')];
    const question = anna.locator('.asking', { hasText: 'red secret question?' });
    await question.waitFor();
    await ben.click('.asking >> text=Yes');
    await question.waitFor({ state: 'detached' });
    await anna.waitForSelector('text=ben answered “Yes” (dashboard)');
    const [row] = await here.office.world.root(
      'select answered_by_name, answered_via from coffee.notifications where id = $1',
      [here.office.world.ids.red.question],
    );
    expect(row).toEqual({ answered_by_name: 'ben', answered_via: 'dashboard' });
    await ben.context().close();
    await anna.context().close();
  });

  it('keeps what somebody types while everything around it changes', async () => {
    const page = await open('ben');
    const field = page.locator('.asking', { hasText: 'May I?' }).locator('input');
    await field.click();
    await page.keyboard.type('you ');
    const ben = await here.office.world.as('ben');
    const { project } = here.office.world.ids.red;
    await ben.query(`select coffee.ask($1, 'Another?', '', '{"priority": "critical"}')`, [project]);
    await page.waitForSelector('text=Another?');
    await page.keyboard.type('may');
    expect(await field.inputValue()).toBe('you may');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=ben answered “you may”');
    await page.context().close();
  });

  it('accepts what is under review, and reopens it with a comment', async () => {
    const { project } = here.office.world.ids.red;
    const daemon = await here.office.world.as('daemon');
    const { item, fence } = here.office.world.ids.red;
    await daemon.query(`select daemon.finish($1, $2, 'review', null, $3)`, [
      item,
      fence,
      { cost_usd: 0.42, diff_stat: { files: 2, insertions: 12, deletions: 3, paths: [] } },
    ]);
    const page = await open('ben');
    await page.waitForSelector('text=+12 −3 in 2 files');
    await page.click('nav >> text=Roadmap');
    await page.click('.column.in_review >> text=Reopen');
    await page.fill('dialog textarea', 'shorter, please');
    await page.click('dialog >> text=Reopen >> nth=-1');
    await page.waitForSelector('.column.planned >> text=red secret work');
    await page.click('.column.planned >> text=red secret work');
    await page.waitForSelector('.feedback >> text=shorter, please');
    expect(page.url()).toContain(`/items/${item}`);
    expect(project).toBeDefined();
    await page.context().close();
  });
});
