import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { importRecords, phrases, THIRD_MACHINE, usage } from '../../../db/tests/reports';
import { findChromium, startBrowser, type TestBrowser } from '../../support/browser';
import { openOffice, type Office } from './office';

const chromium = findChromium();
const inBrowser = chromium === undefined ? describe.skip : describe;

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

inBrowser('the page of phrases, in a real browser', () => {
  let office: Office;
  let browser: TestBrowser;
  beforeAll(async () => {
    office = await openOffice();
    const ben = await office.world.as('ben');
    const handed = { machineId: THIRD_MACHINE, about: { label: 'attic' } };
    const records = Array.from({ length: 400 }, (_, n) => {
      // Fewer and fewer, the longer ago.
      const at = daysAgo(n < 7 ? 0 : 1 + Math.floor((n * n) / 1500));
      const said = [['absolutely'], ['right'], ['perfect', 'right'], ['excellent']][n % 4]!;
      return [
        phrases(said, `said_${n}`, at, THIRD_MACHINE),
        usage({ message_id: `said_${n}`, at }, THIRD_MACHINE),
      ];
    });
    // From before the oldest of the models that are marked from the first.
    const first = phrases(['absolutely'], 'said_first', '2025-09-20T10:00:00Z', THIRD_MACHINE);
    await importRecords(ben, [...records.flat(), first], handed);
    const anna = await office.world.as('anna');
    await anna.query(`select coffee.add_phrase_note($1::date, 'A new model')`, [daysAgo(20)]);
    browser = await startBrowser(chromium!);
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
  });
  afterEach(() => {
    expect(browser.complaints.splice(0)).toEqual([]);
  });

  const stranger = async (settings?: Parameters<TestBrowser['open']>[0]): Promise<Page> => {
    const { page } = await browser.open(settings);
    await browser.visit(
      page,
      () => Promise.resolve(`${office.dashboard.address}/phrases`),
      '.headline',
    );
    return page;
  };
  const rows = (page: Page): Promise<string[][]> =>
    page.$$eval('tbody tr', (found) =>
      found.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    );
  const heads = (page: Page): Promise<(string | null)[]> =>
    page.$$eval('thead th', (found) => found.map((cell) => cell.textContent));

  it('shows a stranger today’s number and the days, and nobody’s machine', async () => {
    const page = await stranger();
    expect(await page.innerText('.headline .number')).toBe('2');
    expect(await page.innerText('.headline .what')).toBe('You are absolutely right today');
    expect(await page.innerText('.headline')).toMatch(/Perfect! 4 .* of 7 messages today/);
    await page.click('summary');
    expect(await heads(page)).toEqual([
      'Day',
      'You are absolutely right',
      'You are right',
      'Perfect!',
      'Excellent!',
    ]);
    expect((await rows(page)).at(-1)!.slice(1)).toEqual(['2', '6', '4', '1']);
    const text = await page.innerText('body');
    expect(text).not.toContain('attic');
    expect(text).not.toContain('My machines');
    expect(await page.evaluate("document.querySelector('canvas').clientHeight > 200")).toBe(true);
    await page.context().close();
  });

  it('keeps what is chosen: weeks, and which phrases', async () => {
    const page = await stranger();
    await page.click('button:has-text("Weeks")');
    await page.click('.toggles >> text="You are right"');
    await page.click('.toggles >> text="All messages"');
    await page.reload();
    await page.waitForSelector('.headline');
    await page.click('summary');
    expect(await heads(page)).toEqual([
      'Week',
      'You are absolutely right',
      'Perfect!',
      'Excellent!',
      'All messages',
    ]);
    const weeks = await rows(page);
    expect(weeks.every(([week]) => /^W\d+ \d{4}$/.test(week!))).toBe(true);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('section.chart button:has-text("CSV")'),
    ]);
    const csv = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(csv[0]).toBe('week,absolutely,right,perfect,excellent,total_messages');
    const sum = (column: number): number =>
      csv.slice(1).reduce((all, line) => all + Number(line.split(',')[column]), 0);
    const [json] = await Promise.all([page.waitForEvent('download'), page.click('text=JSON')]);
    const history = JSON.parse(readFileSync(await json.path(), 'utf8')) as Record<string, number>[];
    const recent = history.filter(({ day }) => String(day) >= daysAgo(89).slice(0, 10));
    for (const [column, name] of [
      [1, 'absolutely'],
      [2, 'right'],
      [5, 'total_messages'],
    ] as const)
      expect([name, sum(column)]).toEqual([
        name,
        recent.reduce((all, day) => all + (day[name] ?? 0), 0),
      ]);
    await page.context().close();
  });

  it('draws a line with a word where a model came out', async () => {
    const { page } = await browser.open();
    // What is drawn into a canvas stands nowhere else.
    await page.addInitScript(`
      window.words = new Map();
      const draw = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, x, ...rest) {
        if (/^(Sonnet|Opus|A new)/.test(text)) words.set(text, x);
        return draw.call(this, text, x, ...rest);
      };`);
    await browser.visit(
      page,
      () => Promise.resolve(`${office.dashboard.address}/phrases`),
      'canvas',
    );
    /** From left to right, and no others. */
    const areDrawn = (notes: string[]): Promise<unknown> =>
      page.waitForFunction(
        `[...words].sort((a, b) => a[1] - b[1]).map(([text]) => text).join() === '${notes.join()}'`,
      );
    await areDrawn(['A new model']); // of the last 90 days
    for (const choice of ['all', 'Weeks']) {
      await page.evaluate('words.clear()');
      await page.click(`.segments >> text="${choice}"`);
      await areDrawn(['Sonnet 4.5', 'Opus 4.5', 'A new model']);
    }
    const shots = process.env.SCREENSHOTS;
    if (shots) await page.screenshot({ path: `${shots}/notes.png` });
    await page.context().close();
  });

  it('shows machines to their person alone', async () => {
    const { page } = await browser.open();
    await browser.visit(page, () => office.link('ben'), '#daemons');
    await page.click('nav >> text=Phrases');
    await page.click('text=My machines');
    await page.waitForSelector('h2:has-text("attic")');
    await page.reload();
    await page.waitForSelector('h2:has-text("attic")');
    expect(await page.innerText('main')).not.toContain('blue');
    await page.click('text=Everybody');
    await page.waitForSelector('h2:has-text("Over everybody")');
    await page.context().close();
  });

  it('fits a phone, in light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const viewport of [
        { width: 375, height: 800 },
        { width: 1280, height: 900 },
      ]) {
        const page = await stranger({ viewport, colorScheme });
        const shots = process.env.SCREENSHOTS;
        if (shots) await page.screenshot({ path: `${shots}/${colorScheme}-${viewport.width}.png` });
        const wide = await page.evaluate('document.documentElement.scrollWidth');
        expect(wide).toBeLessThanOrEqual(viewport.width);
        await page.context().close();
      }
  });
});
