import { readFileSync } from 'node:fs';
import { valueOf } from '../../../db/tests/refusal';
import { inBrowser } from './in-browser';

inBrowser('the page of what is billed', (here) => {
  const { open } = here;

  it('shows a manager lines, totals and how publishing goes, month by month', async () => {
    const page = await open('anna');
    await page.click('nav >> text=Billing');
    await page.goto(`${here.office.dashboard.address}/billing?month=2026-01`);
    await page.waitForSelector('text=Total 150.00 USD');
    const row = await page.innerText('main tbody tr');
    expect(row.split(/\s+/)).toEqual(expect.arrayContaining(['ben', '1.50', '100.00', '150.00']));
    expect(await page.innerText('main')).toContain('for Acme');
    expect(await page.innerText('main')).toContain('service');
    expect(await page.innerText('main')).toMatch(/What the team is told[^]*2026-01-01\s+withheld/);
    expect(await page.innerText('main')).not.toMatch(/\/home|carla/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('[data-action="csv"]'),
    ]);
    const csv = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(csv[0]).toMatch(/^client,project,person,.*,amount,currency$/);
    expect(csv[1]).toMatch(/^Acme,.*,150\.00,USD$/);
    const exported = `select p.payload::jsonb -> 'data' as data from audit.entries e
      join audit.payloads p on p.entry_id = e.id where e.action = 'export.billing'`;
    expect(await here.office.world.root(exported)).toEqual([
      { data: expect.objectContaining({ team: 'team', from: '2026-01-01', via: 'dashboard' }) },
    ]);
    await page.click('[data-action="after"]');
    await page.waitForSelector('text=Nothing was published of team in 2026-02.');
    expect(page.url()).toContain('month=2026-02');
    expect(here.browser.complaints.splice(0)).toEqual([]);
    await page.context().close();
  });

  it('converts what models cost at the rate that a bill stores, and asks where there is none', async () => {
    const { team } = here.office.world.ids.red;
    const [mona, ben] = [await here.office.world.as('mona'), await here.office.world.as('ben')];
    const project = await valueOf<string>(
      mona,
      `select coffee.add_project($1, 'abroad', '/srv/abroad')`,
      [team],
    );
    await mona.query('select coffee.set_billing($1, $2)', [
      project,
      { client: 'Weber', currency: 'EUR', ai_cost: 'markup', ai_markup_percent: 10 },
    ]);
    await mona.query(`select coffee.set_rate($1, null, '2026-03-01', 100)`, [project]);
    await ben.query(`select coffee.add_item($1, 'Mend the till', '', '77')`, [project]);
    const lines = [
      {
        ...{ project, issue: 'local:77', kind: 'time' },
        ...{ measured_seconds: 3600, billed_seconds: 3600 },
      },
      { project, kind: 'ai', model: 'claude-opus-5', cost_nanos: 10_000_000_000, input_tokens: 5 },
    ];
    await mona.query('select coffee.set_granularity($1, $2, $3)', [
      team,
      { per: 'issue' },
      '2026-03-01',
    ]);
    await ben.query(`select coffee.publish($1, '2026-03-01', $2, 'hand')`, [
      team,
      JSON.stringify(lines),
    ]);
    const page = await open('anna');
    await page.goto(`${here.office.dashboard.address}/billing?month=2026-03`);
    await page.waitForSelector('text=Total 100.00 EUR');
    expect(await page.innerText('main')).toMatch(/10 USD \+ 10 %\s+\?[^]*Mend the till/);
    await page.fill('input[name="rate"]', '0.5');
    await page.fill('input[name="name"]', 'ECB 2026-03-31');
    await page.click('text=Convert');
    await page.waitForSelector('text=Total 105.50 EUR');
    expect(await page.innerText('main')).toContain('1 USD is 0.5 EUR (ECB 2026-03-31)');
    await mona.query(`select coffee.make_bill($1, '2026-03-01', 'Weber', 'ECB 2026-04-01', 0.9)`, [
      team,
    ]);
    await page.reload();
    await page.waitForSelector('text=Total 109.90 EUR');
    const billed = await page.innerText('main');
    expect(billed).toMatch(/bill \d+: 109\.90 EUR · 1 USD is 0\.9 EUR \(ECB 2026-04-01\)/);
    expect(await page.locator('form.exchange').count()).toBe(0);
    await page.click('[data-action="after"]');
    await page.waitForSelector('text=Nothing was published of team in 2026-04.');
    expect(page.url()).not.toContain('exchange');
    expect(here.browser.complaints.splice(0)).toEqual([]);
    await page.context().close();
  });

  it('is not there for a member, whatever address is asked', async () => {
    const page = await open('ben');
    expect(await page.innerText('nav')).not.toContain('Billing');
    await page.goto(`${here.office.dashboard.address}/billing?month=2026-01&team=team`);
    await page.waitForSelector('text=only a manager sees what is billed');
    expect(await page.innerText('main')).not.toContain('150');
    await page.context().close();
  });
});
