import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { inBrowser } from './in-browser';

/** What each chart's last row holds, as CSV and in its table, after a day on which everything happened once. */
const CHARTS: [id: string, head: string, row: RegExp, shown: RegExp][] = [
  ['cost-by-project', 'day,blue', /^[\d-]+,0\.43$/, /\t\$0\.43$/],
  ['cost-by-model', 'day,claude-sonnet-5,unknown', /^[\d-]+,0\.42,0\.01$/, /\t\$0\.42\t\$0\.01$/],
  [
    'tokens',
    'day,Input,Output,Cache read,Cache write',
    /^[\d-]+,1100,345,3300,0$/,
    /\t1\.1K\t345\t3\.3K\t0$/,
  ],
  ['cache-rate', 'day,Cache rate', /^[\d-]+,75$/, /\t75 %$/],
  ['time-to-done', 'day,Median', /^[\d-]+,\d+(\.\d+)?$/, /\t[\d.]+ m?s$/],
  ['done', 'day,Done', /^[\d-]+,1$/, /\t1$/],
  ['waiting', 'day,Median wait', /^[\d-]+,\d+(\.\d+)?$/, /\t[\d.]+ m?s$/],
  ['questions', 'day,Asked,Answered', /^[\d-]+,1,1$/, /\t1\t1$/],
];

inBrowser('a day’s work, in a real browser', (here) => {
  let page: Page;
  beforeAll(async () => {
    await work();
    page = await here.open('carla');
  });

  /** Two calls of a model, a question that is answered, a priority that is done: all of the blue team's. */
  async function work(): Promise<void> {
    const { world } = here.office;
    const { attempt, fence, item, question } = world.ids.blue;
    const timestamp = new Date().toISOString();
    const call = (id: string, total: number, more: object): object => ({
      id,
      type: 'generation-create',
      timestamp,
      body: { id, traceId: 't', startTime: timestamp, costDetails: { total }, ...more },
    });
    const daemon = await world.as('blueDaemon');
    const usage = { input: 1100, output: 345, cache_read_input_tokens: 3300 };
    await daemon.query('select coffee.ingest_traces($1, $2)', [
      attempt,
      JSON.stringify([
        call('dear', 0.42, { model: 'claude-sonnet-5', usageDetails: usage }),
        call('cheap', 0.01, {}),
      ]),
    ]);
    const carla = await world.as('carla');
    await carla.query(`select coffee.answer($1, 'yes', 'cli')`, [question]);
    await daemon.query(`select daemon.finish($1, $2, 'review', null, $3)`, [
      item,
      fence,
      { cost_usd: 0.43, input_tokens: 1100, output_tokens: 345, cache_read_tokens: 3300 },
    ]);
    await carla.query('select coffee.accept_item($1)', [item]);
  }

  it('says what was spent today, and what is done', async () => {
    expect(await page.innerText('main')).toMatch(/today[^]*\$0\.43/i);
    await page.click('nav >> text=Roadmap');
    await page.waitForSelector('.column.done .item');
    expect(await page.innerText('.column.done .item')).toMatch(/1 attempt · .*s · \$0\.43/);
  });

  it('draws each chart, with its table and its CSV', async () => {
    await page.click('nav >> text=Analytics');
    await page.waitForSelector('#canvas-cost-by-project');
    expect(await page.locator('section.chart').count()).toBe(CHARTS.length);
    for (const [id, head, row, shown] of CHARTS) {
      const chart = page.locator(`section[data-key=chart-${id}]`);
      expect([id, await isDrawn(id)]).toEqual([id, true]);
      await chart.locator('summary').click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        chart.locator('button').click(),
      ]);
      expect(download.suggestedFilename()).toBe(`coffee-roadmap-${id}.csv`);
      const lines = readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\r\n');
      expect(lines[0]).toBe(head);
      expect(lines).toHaveLength(31);
      expect(lines.at(-1)).toMatch(row);
      const days = lines.slice(1).filter((line) => /,[^,]*[1-9]/.test(line));
      expect([id, await chart.locator('tbody tr').count()]).toEqual([id, days.length]);
      expect([id, await chart.locator('tbody tr').last().innerText()]).toEqual([
        id,
        expect.stringMatching(shown),
      ]);
    }
  });

  /** Whether anything but one colour is on the canvas. */
  const isDrawn = (id: string): Promise<boolean> =>
    page.evaluate<boolean>(
      `(() => {
        const canvas = document.querySelector('#canvas-${id}');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 2;
      })()`,
    );

  it('writes a CSV that no spreadsheet takes for a formula', async () => {
    const hostile = await page.evaluate<string>(
      `import('/assets/csv.js').then(({ toCsv }) => toCsv(['a', '=b'], [['@x', '-1+2'], ['"q", y', null]]))`,
    );
    expect(hostile).toBe(`a,'=b\r\n'@x,'-1+2\r\n"""q"", y",\r\n`);
  });
});
