import type { Page } from 'playwright-core';
import { until } from '../../support/until';
import { inBrowser } from './in-browser';

inBrowser('the pages, for everybody', (here) => {
  const { open } = here;

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

  it('tells a screen reader what is there and fits a phone, page by page', async () => {
    const { item, project } = here.office.world.ids.red;
    const [row] = await here.office.world.root(
      'select id from coffee.traces where project_id = $1',
      [project],
    );
    const trace = `/traces/${project}/${encodeURIComponent(String(row!.id))}`;
    const page = await open('ben');
    for (const path of [...PAGES, `/items/${item}`, trace]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(here.office.dashboard.address + path);
      await page.waitForSelector('main:not([aria-busy]) h1');
      const told = await readAloud(page);
      const count = (named: string): number => told.filter(({ role }) => role === named).length;
      const heads = told.filter(({ role, level }) => role === 'heading' && level === 1).length;
      const navigation = told.filter(({ role }) => role === 'navigation').map(({ name }) => name);
      expect([path, count('main'), navigation, heads]).toEqual([path, 1, ['Pages'], 1]);
      const nameless = told.filter(({ role, name }) => CONTROLS.has(role) && name.trim() === '');
      expect([path, nameless]).toEqual([path, []]);
      expect(await page.locator('[aria-live], [role=status]').count()).toBeGreaterThan(0);
      await page.setViewportSize({ width: 375, height: 720 });
      // Charts are drawn anew a moment after the window has changed.
      await until(`${path} to fit`, () => page.evaluate<boolean>(FITS), 8_000);
    }
    await page.context().close();
  });
});

const FITS = 'document.documentElement.scrollWidth <= innerWidth';
const PAGES = ['/', '/roadmap', '/traces', '/analytics', '/time', '/phrases'];

/** What has to have a name, because one acts on it or cannot see it. A group may be a fold, which its summary names. */
const CONTROLS = new Set([
  'button',
  'link',
  'textbox',
  'combobox',
  'checkbox',
  'radio',
  'image',
  'treegrid',
  'region',
  'table',
]);

interface Told {
  role: string;
  name: string;
  level: number | undefined;
}

/** The tree that Chromium gives to screen readers, without what it leaves out. */
async function readAloud(page: Page): Promise<Told[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  return nodes
    .filter((node) => !node.ignored)
    .map((node) => ({
      role: String(node.role?.value ?? ''),
      name: String(node.name?.value ?? ''),
      level: node.properties?.find(({ name }) => name === 'level')?.value.value as
        number | undefined,
    }));
}

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
