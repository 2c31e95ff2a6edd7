import { AGAIN_MS, ASLEEP_MS, AWAY_MS, FocusTracker, type FocusSign } from './focus-tracker';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE = 60_000;
const EVERY = 2_000;
const editor = { id: '0x1', app: 'code', title: null };
const browser = { id: '0x2', app: 'firefox', title: null };

/** Looks every two seconds at a desk where somebody types, or not, and where a window is in front. */
function record(
  minutes: number,
  desk: (at: number) => { window?: typeof editor | null; typing?: boolean; gone?: boolean },
  sees = true,
): string[] {
  const tracker = new FocusTracker();
  const signs: FocusSign[] = [];
  let input = START;
  for (let now = START; now <= START + minutes * MINUTE; now += EVERY) {
    const { window = editor, typing = true, gone = false } = desk((now - START) / MINUTE);
    if (gone) continue;
    if (typing) input = now;
    signs.push(...tracker.look({ now, window, idleMs: sees ? now - input : null }));
  }
  return signs.map((sign) => {
    const minute = Math.round((100 * (sign.at - START)) / MINUTE) / 100;
    const what = sign.kind === 'window' ? sign.window.app : `${sign.status} ${sign.idleMs ?? ''}`;
    return `${minute} ${what.trim()}`;
  });
}

it('tells of a window that comes to the front, and of one that goes on being typed in', () => {
  const desk = (at: number) => ({ window: at >= 1 && at < 2 ? browser : editor });
  expect(record(6, desk)).toEqual(['0 code', '1 firefox', '2 code', '6 code']);
  expect(AGAIN_MS).toBeLessThan(5 * MINUTE);
});

it('tells when somebody is away, since when, and which window they come back to', () => {
  const desk = (at: number) => ({ typing: at < 1 || at >= 10 });
  const idle = AWAY_MS + EVERY; // the last key was a look before
  expect(record(11, desk)).toEqual(['0 code', `3.97 idle ${idle - EVERY}`, '10 active', '10 code']);
});

it('takes a machine that was asleep for an absence', () => {
  const desk = (at: number) => ({ gone: at > 1 && at < 30 });
  const pause = 29 * MINUTE;
  expect(record(30.5, desk)).toEqual(['0 code', `30 idle ${pause}`, '30 active', '30 code']);
  expect(ASLEEP_MS).toBeGreaterThan(EVERY);
});

it('prolongs nothing where it cannot see whether somebody is there', () => {
  const desk = (at: number) => ({ window: at >= 20 && at < 21 ? null : editor });
  expect(record(30, desk, false)).toEqual(['0 code', '21 code']);
});
