import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Change } from '@coffee-roadmap/shared/roadmap/changes-queries';
import { createOutput } from '../../output';
import { coloursFor } from '../../terminal/colour';
import { widthOf } from '../../terminal/width';
import { createDaemonLook, renderDaemonEvent } from './daemon-events';
import { renderChange } from './render-change';

const out = createOutput(process, {
  json: false,
  colours: coloursFor({ isTTY: false }, {}),
  command: 'coffee-roadmap',
});
const at = new Date(2026, 0, 2, 10, 11, 12);

function change(of: Partial<Change>): Change {
  return {
    id: 1,
    changed_at: at,
    changed_by_name: 'ada',
    change: 'add',
    reason: null,
    after: {},
    by_person: true,
    project: 'shop',
    number: '2',
    title: 'Sell tea',
    ...of,
  };
}

describe('renderChange', () => {
  it('names the next step where there is one', () => {
    expect(renderChange(out, change({ change: 'review', by_person: false }), false)).toBe(
      '10:11:12  ◆ shop/2 Sell tea: up for review\n            coffee-roadmap roadmap view 2',
    );
    expect(renderChange(out, change({ change: 'review' }), true)).toMatch(/view 2 -p shop$/);
  });

  it('says who, and why', () => {
    const text = renderChange(out, change({ change: 'reopen', reason: 'too strong\nfar' }), false);
    expect(text).toBe('10:11:12  ○ shop/2 Sell tea: planned again by ada\n            too strong');
  });

  it('leaves out what a notification tells at more length', () => {
    const daemon = { by_person: false, reason: 'x' };
    for (const kind of ['block', 'reopen'] as const) {
      expect(renderChange(out, change({ change: kind, ...daemon }), false)).toBe('');
    }
    expect(renderChange(out, change({ change: 'release', ...daemon, after: null }), false)).toBe(
      '',
    );
    expect(renderChange(out, change({ change: 'release', ...daemon }), false)).toContain('a pause');
    expect(renderChange(out, change({ change: 'edit' }), false)).toBe('');
  });

  it('cuts the title, so that a line fits, and obeys no escapes', () => {
    const text = renderChange(out, change({ title: `\x1b[2J${'long '.repeat(40)}` }), false);
    expect(widthOf(text)).toBeLessThanOrEqual(out.width);
    expect(text).toMatch(/…: planned by ada$/);
    expect(text).not.toContain('\x1b');
  });
});

describe('createDaemonLook', () => {
  const since = new Date('2026-01-02T10:00:00Z');
  const daemon = (of: Partial<Daemon>): Daemon[] => [
    {
      daemon_id: 'd',
      name: 'builder',
      state: 'idle',
      live: true,
      isolated: true,
      isolation: 'in a sandbox',
      agents: [],
      paused_at: null,
      paused_by_name: null,
      note: null,
      started_at: new Date('2026-01-02T10:00:01Z'),
      ...of,
    } as Daemon,
  ];
  const wanted = new Set(['claude']);
  const names = (events: { event: string }[]): string[] => events.map(({ event }) => event);

  it('tells of a start, a pause, its end, and that it went away', () => {
    const look = createDaemonLook(since);
    expect(names(look(daemon({ state: 'starting' }), wanted))).toEqual([]);
    expect(names(look(daemon({}), wanted))).toEqual(['ready']);
    expect(names(look(daemon({ state: 'working' }), wanted))).toEqual([]);
    expect(names(look(daemon({ paused_at: since }), wanted))).toEqual(['paused']);
    expect(names(look(daemon({}), wanted))).toEqual(['resumed']);
    expect(names(look(daemon({ live: false }), wanted))).toEqual(['silent']);
    const restarted = { started_at: new Date('2026-01-02T10:05:00Z') };
    expect(names(look(daemon(restarted), wanted))).toEqual(['ready']);
  });

  it('says nothing of one that was there before', () => {
    const look = createDaemonLook(new Date('2026-01-02T11:00:00Z'));
    expect(look(daemon({}), wanted)).toEqual([]);
  });

  it('tells each trouble once', () => {
    const look = createDaemonLook(since);
    look(daemon({}), wanted);
    const agents = [{ name: 'claude', available: false, reason: 'no credential', projects: [] }];
    const [event] = look(daemon({ agents }), wanted);
    expect(event).toMatchObject({ event: 'trouble' });
    expect(renderDaemonEvent(out, event!)).toMatch(
      /● builder\n {12}! agent claude is missing: no credential$/,
    );
    expect(look(daemon({ agents }), wanted)).toEqual([]);
  });
});
