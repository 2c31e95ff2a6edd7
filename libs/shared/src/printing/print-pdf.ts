import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findExecutable } from '../agents/find-executable';
import { AppError, messageOf } from '../errors';

const NAMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  ...['microsoft-edge', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
];
const LONGEST_MS = 60_000;
/** The machine's network, its profile and its extensions are no part of a page that is printed. */
const ARGUMENTS = [
  ...['--headless', '--disable-gpu', '--no-first-run', '--disable-extensions'],
  ...['--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND'],
  ...['--disable-javascript', '--no-pdf-header-footer'],
];

/**
 * Prints a page with the Chromium that is installed. Throws `failed` where there is none, or it does not
 * print. `chromium`: which one, where its name is not one of the usual.
 */
export async function printPdf(
  html: string,
  { searchPath, chromium }: { searchPath: string; chromium?: string | undefined },
): Promise<Buffer> {
  const names = chromium === undefined ? NAMES : [chromium];
  const program = names.map((name) => findExecutable(name, searchPath)).find((found) => found);
  if (program === undefined) {
    throw new AppError('failed', 'there is no Chromium here to print a PDF with', {
      hint: 'Install chromium, set COFFEE_ROADMAP_CHROMIUM to one, or take --format html.',
    });
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-print-'));
  try {
    const [page, pdf] = [path.join(folder, 'page.html'), path.join(folder, 'page.pdf')];
    writeFileSync(page, html, { mode: 0o600 });
    // Chromium refuses its sandbox to root; the page has no scripts and no network.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    await promisify(execFile)(
      program,
      [
        ...[...ARGUMENTS, ...asRoot, `--user-data-dir=${path.join(folder, 'profile')}`],
        ...[`--print-to-pdf=${pdf}`, pathToFileURL(page).href],
      ],
      { timeout: LONGEST_MS, killSignal: 'SIGKILL' },
    );
    return readFileSync(pdf);
  } catch (error) {
    throw new AppError('failed', `Chromium printed no PDF: ${messageOf(error).split('\n')[0]}`, {
      hint: `Try it by hand: ${program} --headless --print-to-pdf; or take --format html.`,
      cause: error,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
