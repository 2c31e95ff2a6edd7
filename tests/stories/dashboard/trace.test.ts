import type { Page } from 'playwright-core';
import { findChromium, startBrowser, type TestBrowser } from '../../support/browser';
import { openOffice, type Office } from './office';

const chromium = findChromium();
const inBrowser = chromium === undefined ? describe.skip : describe;

const TRACE = 'a long run';
const NODES = 10_000;

/** Nested five deep: agents, their calls of a model, the tools that those used. */
function events(): object[] {
  const start = Date.parse('2026-03-01T10:00:00Z');
  const at = (ms: number): string => new Date(start + ms).toISOString();
  const event = (type: string, id: string, body: object): object => ({
    id: `event ${id}`,
    type,
    timestamp: at(0),
    body: { id, ...body },
  });
  const batch = [event('trace-create', TRACE, { name: TRACE, timestamp: at(0) })];
  for (let n = 0; n < NODES; n += 1) {
    const parent = n % 5 === 0 ? undefined : `node ${n - 1}`;
    const times = { startTime: at(n * 10), endTime: at(n * 10 + 400 - (n % 5) * 60) };
    const common = { traceId: TRACE, parentObservationId: parent, ...times };
    if (n % 5 === 2) {
      batch.push(
        event('generation-create', `node ${n}`, {
          ...common,
          name: `answer ${n}`,
          model: 'claude-sonnet-5',
          usageDetails: { input: 1200, output: 340, cache_read_input_tokens: 5000 },
          input: [{ role: 'user', content: `What about ${n}?` }],
          output: `This about ${n}.`,
        }),
      );
    } else batch.push(event('span-create', `node ${n}`, { ...common, name: `step ${n}` }));
  }
  return batch;
}

inBrowser('a trace of ten thousand nodes', () => {
  let office: Office;
  let browser: TestBrowser;
  let page: Page;
  beforeAll(async () => {
    office = await openOffice();
    browser = await startBrowser(chromium!);
    const daemon = await office.world.as('daemon');
    const all = events();
    for (let n = 0; n < all.length; n += 1_000) {
      await daemon.query('select coffee.ingest_traces($1, $2)', [
        office.world.ids.red.attempt,
        JSON.stringify(all.slice(n, n + 1_000)),
      ]);
    }
    ({ page } = await browser.open());
    await browser.visit(page, () => office.link('ben'), '#daemons');
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
  });

  it('paints first within a second, by the browser’s own clock', async () => {
    const { project } = office.world.ids.red;
    const address = `${office.dashboard.address}/traces/${project}/${encodeURIComponent(TRACE)}`;
    await browser.visit(page, () => Promise.resolve(address), '.waterfall .row');
    const { painted, answered } = await page.evaluate<{ painted: number; answered: number }>(
      `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const [read] = performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/traces/'));
        resolve({
          painted: performance.getEntriesByName('waterfall-drawn')[0].startTime,
          answered: read.responseEnd - read.requestStart,
        });
      })))`,
    );
    console.log(
      `painted ${Math.round(painted)} ms after the start, ${Math.round(answered)} ms of them for the data`,
    );
    await page.waitForSelector('.page-head >> text=10,000 nodes');
    expect(await page.locator('.waterfall .row').count()).toBeLessThan(100);
  });

  it('is listed with what it took', async () => {
    const { page: list } = await browser.open();
    await browser.visit(list, () => office.link('ben'), '#daemons');
    await list.click('nav >> text=Traces');
    await list.waitForSelector(`table.traces >> text=${TRACE}`);
    expect(await list.innerText('table.traces')).toMatch(/red \/ 1[^]*10,000[^]*13\.1M[^]*\$/);
    await list.context().close();
  });

  it('scrolls through all of it, with a frame at each step', async () => {
    const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
      const view = document.querySelector('.waterfall .view');
      const frames = [];
      let before = performance.now();
      const step = (now) => {
        frames.push(now - before);
        before = now;
        if (frames.length > 240) return resolve(frames.slice(1));
        view.scrollTop = frames.length < 200 ? frames.length * 180 : view.scrollHeight * (frames.length - 200) / 40;
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    })`);
    const sorted = [...frames].sort((a, b) => a - b);
    const p95 = sorted[Math.floor(sorted.length * 0.95)]!;
    console.log(
      `frames while scrolling: median ${sorted[120]!.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`,
    );
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
    for (let n = 0; n < 6; n += 1) await page.keyboard.press('+');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#node >> text=What about 2?');
    const facts = await page.innerText('#node');
    expect(facts).toContain('claude-sonnet-5');
    expect(facts).toContain('This about 2.');
    expect(browser.complaints).toEqual([]);
  });

  it('is another team’s secret', async () => {
    const { project } = office.world.ids.red;
    const { page: other } = await browser.open();
    await browser.visit(other, () => office.link('carla'), '#daemons');
    const status = await other.evaluate<number>(
      `fetch('/api/traces/${project}/${encodeURIComponent(TRACE)}').then((one) => one.status)`,
    );
    expect(status).toBe(404);
  });
});
