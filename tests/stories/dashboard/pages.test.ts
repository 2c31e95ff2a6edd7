import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { findChromium, startBrowser, type TestBrowser } from '../../support/browser';
import { openOffice, type Office } from './office';

const chromium = findChromium();
const inBrowser = chromium === undefined ? describe.skip : describe;

inBrowser('the pages, in a real browser', () => {
  let office: Office;
  let browser: TestBrowser;
  beforeAll(async () => {
    office = await openOffice();
    browser = await startBrowser(chromium!);
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
  });
  afterEach(() => {
    // Also what the page's policy would not let run.
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  async function open(
    who: 'anna' | 'ben' | 'carla',
    settings?: Parameters<TestBrowser['open']>[0],
  ): Promise<Page> {
    const { page } = await browser.open(settings);
    await browser.visit(page, () => office.link(who), '#daemons');
    return page;
  }

  it('shows a stranger how to sign in, and totals', async () => {
    const { page } = await browser.open();
    await browser.visit(page, () => Promise.resolve(office.dashboard.address), '.tiles');
    expect(await page.innerText('main')).toContain('coffee-roadmap dashboard --link');
    expect(await page.innerText('main')).not.toContain('secret');
    await page.context().close();
  });

  it('signs in by a link, whose code is gone from the address', async () => {
    const page = await open('ben');
    expect(page.url()).toBe(`${office.dashboard.address}/`);
    expect(await page.innerText('header')).toContain('ben');
    const { value, httpOnly } = (await page.context().cookies())[0]!;
    expect(httpOnly).toBe(true);
    expect(await page.evaluate('document.cookie')).not.toContain(value);
    await page.context().close();
  });

  it('shows what daemons do, and each step as it happens', async () => {
    const page = await open('ben');
    const { item, attempt, fence } = office.world.ids.red;
    const daemon = await office.world.as('daemon');
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
    const [row] = await office.world.root(
      'select answered_by_name, answered_via from coffee.notifications where id = $1',
      [office.world.ids.red.question],
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
    const ben = await office.world.as('ben');
    const { project } = office.world.ids.red;
    await ben.query(`select coffee.ask($1, 'Another?', '', '{"priority": "critical"}')`, [project]);
    await page.waitForSelector('text=Another?');
    await page.keyboard.type('may');
    expect(await field.inputValue()).toBe('you may');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=ben answered “you may”');
    await page.context().close();
  });

  it('accepts what is under review, and reopens it with a comment', async () => {
    const { project } = office.world.ids.red;
    const daemon = await office.world.as('daemon');
    const { item, fence } = office.world.ids.red;
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

  it('moves by keyboard alone', async () => {
    const page = await open('ben');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    const reached: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate('document.activeElement.textContent'));
    }
    expect(reached).toEqual(expect.arrayContaining(['Roadmap', 'Analytics', 'Pause', 'red']));
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('is readable in %s', async (colorScheme) => {
    const page = await open('ben', { colorScheme });
    const contrasts = await page.evaluate<[string, number][]>(CONTRASTS);
    expect(contrasts.length).toBeGreaterThan(10);
    expect(contrasts.filter(([, contrast]) => contrast < 4.5)).toEqual([]);
    const background = await page.evaluate<string>(
      'getComputedStyle(document.body).backgroundColor',
    );
    const [red = 0] = background.match(/\d+/g)!.map(Number);
    expect(red > 128).toBe(colorScheme === 'light');
    await page.context().close();
  });

  it.each(['/', '/roadmap', '/traces', '/analytics', '/items/ITEM'])(
    'fits a phone: %s',
    async (path) => {
      const page = await open('ben', { viewport: { width: 375, height: 720 } });
      await page.goto(
        office.dashboard.address + path.replace('ITEM', `${office.world.ids.red.item}`),
      );
      await page.waitForSelector('h1');
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(375);
      await page.context().close();
    },
  );

  it('draws charts, each with its table and its CSV', async () => {
    const timestamp = new Date().toISOString();
    const body = { id: 'c', traceId: 't', startTime: timestamp, costDetails: { total: 0.42 } };
    const event = { id: 'c', type: 'generation-create', timestamp, body };
    const daemon = await office.world.as('blueDaemon');
    await daemon.query('select coffee.ingest_traces($1, $2)', [
      office.world.ids.blue.attempt,
      JSON.stringify([event]),
    ]);
    const page = await open('carla');
    await page.click('nav >> text=Analytics');
    await page.waitForSelector('#canvas-cost-by-project');
    await page.click('section[data-key=chart-cost-by-project] summary');
    expect(await page.innerText('section[data-key=chart-cost-by-project] table')).toContain(
      '$0.42',
    );
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('section[data-key=chart-cost-by-project] button'),
    ]);
    expect(download.suggestedFilename()).toBe('coffee-roadmap-cost-by-project.csv');
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^day,blue\r\n[^]*,0\.42\r\n$/);
    const hostile = await page.evaluate<string>(
      `import('/assets/csv.js').then(({ toCsv }) => toCsv(['a', '=b'], [['@x', '-1+2'], ['"q", y', null]]))`,
    );
    expect(hostile).toBe(`a,'=b\r\n'@x,'-1+2\r\n"""q"", y",\r\n`);
    await page.context().close();
  });
});

/** Text of every element that has some, and how it stands out from what is behind it (WCAG). */
const CONTRASTS = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return [255, 255, 255];
  };
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll('main *, header *')]
    .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
    .filter((node) => node.checkVisibility() && getComputedStyle(node).clipPath === 'none')
    .map((node) => {
      const [a, b] = [light(rgba(getComputedStyle(node).color)), light(behind(node))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return [node.textContent.slice(0, 40), Math.round(contrast * 10) / 10];
    });
})()`;
