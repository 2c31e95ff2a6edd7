import { findChromium, startBrowser, type TestBrowser } from '../../support/browser';
import {
  importRecords,
  paneFocus,
  RED_MACHINE,
  session,
  userMessage,
} from '../../../db/tests/reports';
import { openOffice, type Office } from './office';
import { createVisitor } from './visitor';

const chromium = findChromium();
const inBrowser = chromium === undefined ? it.skip : it;
const DAY = '2026-03-04';
const at = (clock: string): string => `${DAY}T${clock}:00.000Z`;

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  const ben = await office.world.as('ben');
  await importRecords(ben, [
    paneFocus('%1', at('09:00'), RED_MACHINE),
    paneFocus('%1', at('09:04'), RED_MACHINE),
    userMessage('u1', '/home/red', at('09:06'), RED_MACHINE),
    session('ended', at('09:30'), RED_MACHINE),
  ]);
});
afterAll(() => office.close());

interface Shown {
  own: { from: number; to: number }[];
  agents: object[][];
}

it('shows a person their own day, and nobody else’s', async () => {
  const path = `/api/time?day=${DAY}&zone=UTC`;
  const visitor = createVisitor(office.dashboard.address);
  expect(await visitor.get(path)).toMatchObject({ status: 401 });
  await visitor.post('/api/sign-in', { code: await office.code('ben') });
  const { body } = await visitor.get(path);
  const shown = body as unknown as Shown;
  expect(shown.own.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(11 * 60_000);
  expect(shown.agents).toHaveLength(1);
  expect(await visitor.get('/api/time?day=2026-02-30')).toMatchObject({ status: 400 });
  const other = createVisitor(office.dashboard.address);
  await other.post('/api/sign-in', { code: await office.code('anna') });
  const nothing = (await other.get(path)).body as unknown as Shown;
  expect([nothing.own, nothing.agents]).toEqual([[], []]);
});

inBrowser('draws lanes and the week, in a real browser', async () => {
  const browser: TestBrowser = await startBrowser(chromium!);
  try {
    const { page } = await browser.open();
    await browser.visit(page, () => office.link('ben'), '#daemons');
    await page.goto(`${office.dashboard.address}/time?day=${DAY}`);
    await page.waitForSelector('.timeline .span');
    expect(await page.locator('.timeline .lane').count()).toBe(2);
    expect(await page.innerText('.timeline')).toContain('11 min own');
    expect(await page.getAttribute('.timeline .span', 'title')).toContain('shop on red');
    await page.waitForSelector('#canvas-time-by-tag');
    await page.click('[aria-label="The day after"]');
    await page.waitForSelector('.timeline >> text=Nothing on this day.');
    await page.context().close();
    expect(browser.complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
