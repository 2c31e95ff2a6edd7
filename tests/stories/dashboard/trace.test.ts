import type { Locator, Page } from 'playwright-core';
import { LONG_TRACE, makeLongTrace, readPainting, scrollThrough } from '../../support/long-trace';
import { inBrowser } from './in-browser';

const NODES = 10_000;

inBrowser('a trace of ten thousand nodes', (here) => {
  let page: Page;
  beforeAll(async () => {
    const daemon = await here.office.world.as('daemon');
    const all = makeLongTrace(NODES);
    for (let n = 0; n < all.length; n += 1_000) {
      await daemon.query('select coffee.ingest_traces($1, $2)', [
        here.office.world.ids.red.attempt,
        JSON.stringify(all.slice(n, n + 1_000)),
      ]);
    }
    page = await here.open('ben');
  });

  it('paints its beginning before the rest is read, and no more rows than one sees', async () => {
    const { project } = here.office.world.ids.red;
    const address = `${here.office.dashboard.address}/traces/${project}/${encodeURIComponent(LONG_TRACE)}`;
    await here.browser.visit(page, () => Promise.resolve(address), '.waterfall .row');
    await page.waitForSelector('.page-head >> text=10,000 nodes');
    const { painted, reads } = await readPainting(page);
    expect(reads).toHaveLength(2);
    expect(painted).toBeLessThan(reads[1]!.to);
    expect(await page.locator('.waterfall .row').count()).toBeLessThan(100);
  });

  it('is listed with what it took', async () => {
    const list = await here.open('ben');
    await list.click('nav >> text=Traces');
    await list.waitForSelector(`table.traces >> text=${LONG_TRACE}`);
    expect(await list.innerText('table.traces')).toMatch(/red \/ 1[^]*10,000[^]*13\.1M[^]*\$/);
    await list.context().close();
  });

  it('scrolls through all of it with the rows of one screen', async () => {
    expect(await scrollThrough(page)).toHaveLength(240);
    await page.waitForSelector(`.waterfall .row >> text=step ${NODES - 1}`);
    expect(await page.locator('.waterfall .row').count()).toBeLessThan(100);
  });

  it('folds, zooms and shows what a call was given, by keyboard', async () => {
    await page.focus('.waterfall .view');
    await page.keyboard.press('Home');
    const rows = (): Promise<string | null> =>
      page.locator('.waterfall .view').getAttribute('aria-rowcount');
    expect(await rows()).toBe(String(NODES));
    await page.keyboard.press('ArrowLeft');
    expect(await rows()).toBe(String(NODES - 4));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const generation = page.locator('.waterfall .row', { hasText: 'answer 2' }).first();
    expect(await generation.innerText()).toMatch(/generation\s+answer 2\s+6\.5K\s+\$0\.0/i);
    const width = async (): Promise<number> =>
      (await generation.locator('.bar').boundingBox())!.width;
    const [all, scale] = [await width(), await page.innerText('.waterfall .scale')];
    for (let n = 0; n < 8; n += 1) await page.keyboard.press('+');
    expect(await width()).toBeGreaterThan(10 * all);
    expect(await page.innerText('.waterfall .scale')).not.toBe(scale);
    await page.keyboard.press('0');
    expect(await width()).toBe(all);
    expect(await page.innerText('.waterfall .scale')).toBe(scale);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.node >> text=What about 2?');
    const facts = await page.innerText('.node');
    expect(facts).toContain('claude-sonnet-5');
    expect(facts).toContain('This about 2.');
  });

  it('is on the page of its priority too, where the newest of the newest attempt is unfolded', async () => {
    const item = await here.open('ben');
    await item.goto(`${here.office.dashboard.address}/items/${here.office.world.ids.red.item}`);
    const [newest, long] = ['Trace: 3 steps', 'Trace: 10,000 steps'].map((text) =>
      item.locator('.folded-trace', { hasText: text }),
    ) as [Locator, Locator];
    await newest.locator('.waterfall .row').first().waitFor();
    expect(await newest.locator('.row', { hasText: 'red secret step' }).count()).toBe(3);
    const daemon = await here.office.world.as('daemon');
    const [ended] = await here.office.world.root(
      `select id, at from coffee.spans where trace_id = 'red trace' and project_id = $1`,
      [here.office.world.ids.red.project],
    );
    const update = {
      id: 'an end',
      type: 'span-update',
      timestamp: new Date().toISOString(),
      body: { id: ended!.id, name: 'ended at last' },
    };
    await daemon.query('select coffee.ingest_traces($1, $2)', [
      here.office.world.ids.red.attempt,
      JSON.stringify([update]),
    ]);
    const { item: itemId, fence } = here.office.world.ids.red;
    await daemon.query(`select daemon.record_step($1, $2, 'tool', 'on')`, [itemId, fence]);
    await newest.locator('.row', { hasText: 'ended at last' }).waitFor();
    await long.locator('summary').first().click();
    await long.locator(`.waterfall .view[aria-rowcount="${NODES}"]`).waitFor();
    await long.locator('.row', { hasText: 'answer 2' }).first().click();
    await long.locator('.node >> text=What about 2?').waitFor();
    expect(await item.innerText('section[aria-labelledby=history]')).toMatch(
      /claim → [^]*ben · add/,
    );
    await item.context().close();
  });

  it('is another team’s secret', async () => {
    const { project } = here.office.world.ids.red;
    const other = await here.open('carla');
    const status = await other.evaluate<number>(
      `fetch('/api/traces/${project}/${encodeURIComponent(LONG_TRACE)}').then((one) => one.status)`,
    );
    expect(status).toBe(404);
  });
});
