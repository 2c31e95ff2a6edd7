import type { Page } from 'playwright-core';
import { findChromium, startBrowser, type TestBrowser } from '../../support/browser';
import { openOffice, type Office } from './office';

/** An office and a real browser to look at it; there from the first test on. */
export interface InBrowser {
  readonly office: Office;
  readonly browser: TestBrowser;
  /** The first page, with this person signed in. */
  open(who: 'anna' | 'ben' | 'carla', settings?: Parameters<TestBrowser['open']>[0]): Promise<Page>;
}

const chromium = findChromium();

/** A block of tests that see no complaint of the browser; skipped where no Chromium is installed. */
export function inBrowser(title: string, tests: (here: InBrowser) => void): void {
  (chromium === undefined ? describe.skip : describe)(title, () => {
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
    tests({
      get office() {
        return office;
      },
      get browser() {
        return browser;
      },
      async open(who, settings) {
        const { page } = await browser.open(settings);
        await browser.visit(page, () => office.link(who), '#daemons');
        return page;
      },
    });
  });
}
