import { newDashboardLink } from '@coffee-roadmap/shared/dashboard/queries';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { ingestTraces } from '@coffee-roadmap/shared/traces/queries';
import { findChromium, startBrowser } from '../../tests/support/browser';
import {
  LONG_TRACE,
  makeLongTrace,
  readPainting,
  scrollThrough,
} from '../../tests/support/long-trace';
import { median, quantile } from '../figures/statistics';
import { atMost, millis, whole, type Report } from '../report/report';
import { makeAttempt } from '../server/attempt';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';
import { startDashboard } from '../server/dashboard';

const NODES = 10_000;
const IN_BATCH = 1_000;
const AIM_PAINT_MS = 1_000;
const AIM_FRAME_MS = 50;

/** The page of a trace of ten thousand nodes in a real Chromium, by the browser's own clock. */
export async function measureTracePage(server: BenchServer, rounds: number): Promise<Report> {
  const chromium = findChromium();
  if (chromium === undefined) throw new AppError('failed', 'no Chromium here');
  const database = await server.database('trace_page', { migrated: true });
  const personUrl = await database.login('person', 'bench');
  const person = await openSession(personUrl, 'person');
  const daemon = await openSession(await database.login('daemon', 'daemon'), 'daemon');
  const dashboard = await startDashboard(database);
  const browser = await startBrowser(chromium);
  const painted: number[] = [];
  const answered: number[] = [];
  const frames: number[][] = [];
  try {
    const project = await fill();
    const { address } = dashboard;
    const place = `${address}/traces/${project}/${encodeURIComponent(LONG_TRACE)}`;
    for (let round = -1; round < rounds; round += 1) {
      const { page, context } = await browser.open();
      const { code } = await newDashboardLink(person);
      await browser.visit(page, () => Promise.resolve(`${address}/sign-in#${code}`), '#daemons');
      await browser.visit(page, () => Promise.resolve(place), '.waterfall .row');
      const painting = await readPainting(page);
      await page.waitForSelector('.page-head >> text=10,000 nodes');
      const between = await scrollThrough(page);
      await context.close();
      if (round < 0) continue; // the first warms caches
      painted.push(painting.painted);
      answered.push(painting.reads[0]!.to - painting.reads[0]!.from);
      frames.push(between);
    }
  } finally {
    await Promise.all([browser.close(), dashboard.stop(), person.close(), daemon.close()]);
  }
  const p95 = frames.map((one) => quantile(one, 0.95));
  return {
    name: 'trace-page',
    title: `The page of a trace of ${whole(NODES)} nodes, Postgres ${server.version}`,
    columns: ['', 'ms'],
    rows: [
      ['until its beginning is painted', millis(median(painted))],
      ['of these: the server’s answer', millis(median(answered))],
      ['between frames while scrolling, p50', millis(median(frames.flat()))],
      ['between frames while scrolling, p95', millis(median(p95))],
    ],
    ratios: [
      atMost('first painting ÷ one second', median(painted) / AIM_PAINT_MS, 1),
      atMost('frames while scrolling, p95 ÷ 50 ms', median(p95) / AIM_FRAME_MS, 1),
    ],
    rounds: painted.length,
    figures: { painted_ms: painted, answered_ms: answered, frame_p95_ms: p95 },
  };

  async function fill(): Promise<string> {
    const [root, ada] = [await connect(database.url), await connect(personUrl)];
    try {
      const { project, attempt } = await makeAttempt(root, ada, daemon.me.id);
      const events = makeLongTrace(NODES);
      for (let n = 0; n < events.length; n += IN_BATCH) {
        await ingestTraces(daemon, attempt, events.slice(n, n + IN_BATCH));
      }
      return project;
    } finally {
      await Promise.all([root.end(), ada.end()]);
    }
  }
}
