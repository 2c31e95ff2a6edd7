import { findChromium, startBrowser } from '../support/browser';
import type { ComposeStack } from './compose-stack';

/** The stack's dashboard in a real browser, signed in as the first person, and never loaded again. */
export interface OpenPage {
  /** Waits until the page follows what happens, and shows this. */
  shows(text: string): Promise<void>;
  /** Who is signed in with the page's cookie, as the server sees it. */
  signedIn(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Undefined, with a line that says so, where there is no browser. */
export async function openDashboardPage(stack: ComposeStack): Promise<OpenPage | undefined> {
  const program = findChromium();
  if (program === undefined) return undefined;
  const browser = await startBrowser(program);
  const { page } = await browser.open();
  const link = async (): Promise<string> =>
    (await stack.cli<{ link: string }>('dashboard', '--link')).link;
  await browser.visit(page, link, '#daemons');
  return {
    async shows(text) {
      await stack.until(`the page shows ${text}`, async () => {
        const [bar, main] = [await page.innerText('header'), await page.innerText('main')];
        return /\blive\b/i.test(bar) && main.includes(text);
      });
    },
    async signedIn() {
      const me = await page.evaluate(`fetch('/api/me').then((answer) => answer.json())`);
      return (me as { name?: string }).name;
    },
    close: () => browser.close(),
  };
}
