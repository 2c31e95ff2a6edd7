import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium; undefined, with a line that says so, where none is installed. */
export function findChromium(): string | undefined {
  const found = [process.env.CHROMIUM ?? '', ...PROGRAMS].find((file) => existsSync(file));
  if (found === undefined) console.log('skipped: no Chromium here (apt-get install chromium)');
  return found;
}

/** A real browser, and what its pages complained about. */
export interface TestBrowser {
  /** A page of a visitor of its own, with nobody's cookies. */
  open(
    settings?: Parameters<Browser['newContext']>[0],
  ): Promise<{ page: Page; context: BrowserContext }>;
  /** Goes there and waits for what has to show. */
  visit(page: Page, address: () => Promise<string>, selector: string): Promise<void>;
  /** Exceptions, errors of the console and refusals by the page's policy. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function startBrowser(program: string): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  });
  const complaints: string[] = [];
  return {
    complaints,
    async open(settings) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        ...settings,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(8_000);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // A refused request is told by the page in its own words.
        const expected =
          /Failed to load resource: (the server responded with a status of 4|net::ERR_NETWORK_CHANGED)/;
        if (message.type() === 'error' && !expected.test(message.text())) {
          complaints.push(message.text());
        }
      });
      return { page, context };
    },
    async visit(page, address, selector) {
      for (let tries = 0; ; tries += 1) {
        let changed = false;
        const onFailed = (request: { failure(): { errorText: string } | null }): void => {
          // Chromium breaks off what it loads when any interface of this machine comes or goes.
          changed ||= request.failure()?.errorText === 'net::ERR_NETWORK_CHANGED';
        };
        page.on('requestfailed', onFailed);
        try {
          await page.goto(await address());
          await page.waitForSelector(selector);
          return;
        } catch (error) {
          if (!changed || tries >= 9) throw error;
        } finally {
          page.off('requestfailed', onFailed);
        }
      }
    },
    close: () => browser.close(),
  };
}
