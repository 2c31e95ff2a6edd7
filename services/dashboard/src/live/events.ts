import type { RequestHandler } from 'express';
import type { Hub } from './hub';

const BEAT_MS = 20_000;
const MOST_PAGES = 500;

/** Server-sent events: the name of what changed, nothing else. */
export function sendEvents(hub: Hub): RequestHandler {
  return (request, response) => {
    if (hub.subscribers >= MOST_PAGES) {
      response.status(503).set('Retry-After', '10').end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    // A page that was away has to read everything again.
    response.write('retry: 1000\nevent: change\ndata: catch_up\n\n');
    const leave = hub.subscribe((topic) => {
      // Whoever does not read gets the connection closed rather than a queue without end.
      if (response.writableLength > 65_536) response.destroy();
      else response.write(`event: change\ndata: ${topic}\n\n`);
    });
    const beat = setInterval(() => response.write(': beat\n\n'), BEAT_MS);
    request.once('close', () => {
      clearInterval(beat);
      leave();
    });
  };
}
