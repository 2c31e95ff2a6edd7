import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import type { Page } from 'playwright-core';

export const LONG_TRACE = 'a long run';

/** A trace of many calls, nested five deep: agents, their calls of a model, the tools that those used. */
export function makeLongTrace(nodes: number): TraceEvent[] {
  const start = Date.parse('2026-03-01T10:00:00Z');
  const at = (ms: number): string => new Date(start + ms).toISOString();
  const event = (type: string, id: string, body: object): TraceEvent =>
    ({ id: `event ${id}`, type, timestamp: at(0), body: { id, ...body } }) as TraceEvent;
  const batch = [event('trace-create', LONG_TRACE, { name: LONG_TRACE, timestamp: at(0) })];
  for (let n = 0; n < nodes; n += 1) {
    const parent = n % 5 === 0 ? undefined : `node ${n - 1}`;
    const times = { startTime: at(n * 10), endTime: at(n * 10 + 400 - (n % 5) * 60) };
    const common = { traceId: LONG_TRACE, parentObservationId: parent, ...times };
    if (n % 5 === 2) {
      batch.push(
        event('generation-create', `node ${n}`, {
          ...common,
          name: `answer ${n}`,
          model: 'claude-sonnet-5',
          usageDetails: { input: 1200, output: 340, cache_read_input_tokens: 5000 },
          input: [{ role: 'user', content: `What about ${n}?` }],
          output: `This about ${n}.`,
        }),
      );
    } else batch.push(event('span-create', `node ${n}`, { ...common, name: `step ${n}` }));
  }
  return batch;
}

/** When the waterfall was there and what was read for it, in ms since the page began, by the browser's clock. */
export interface Painting {
  painted: number;
  /** From the request to the end of the answer, for each time that the trace was read. */
  reads: { from: number; to: number }[];
}

export const readPainting = (page: Page): Promise<Painting> =>
  page.evaluate<Painting>(
    `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const reads = performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/traces/'));
      resolve({
        painted: performance.getEntriesByName('waterfall-drawn')[0].startTime,
        reads: reads.map((one) => ({ from: one.requestStart, to: one.responseEnd })),
      });
    })))`,
  );

/** Scrolls through a waterfall from its first node to its last; ms between frames, by the browser's clock. */
export const scrollThrough = (page: Page): Promise<number[]> =>
  page.evaluate<number[]>(`new Promise((resolve) => {
    const view = document.querySelector('.waterfall .view');
    const frames = [];
    let before = performance.now();
    const step = (now) => {
      frames.push(now - before);
      before = now;
      if (frames.length > 240) return resolve(frames.slice(1));
      view.scrollTop = frames.length < 200 ? frames.length * 180 : view.scrollHeight * (frames.length - 200) / 40;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
