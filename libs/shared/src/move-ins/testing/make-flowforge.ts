import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes one file of a FlowForge project; JSON for whatever is no text. */
export function writeForge(folder: string, name: string, content: unknown): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** A session as version 1 wrote it: `duration` in hours with two decimals. */
export function forgeSession(
  start: string,
  end: string,
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  const hours = (Date.parse(end) - Date.parse(start)) / 3_600_000;
  const duration = Number(hours.toFixed(2));
  return { start, end, duration, user: 'ada', instance_id: 'ada@desk:4711:1759000000', ...change };
}

/** A repository with a remote at GitHub, as its files say it: nothing of git is run. */
export function writeRemote(folder: string, url: string): void {
  writeForge(folder, '.git/config', `[remote "origin"]\n\turl = ${url}\n`);
}

/**
 * A project that two people tracked with FlowForge: both places of version 1, SESSIONS.md, files of a person
 * and of the team. `now` places the timer that runs.
 */
export function makeFlowForge(folder: string, now: number): void {
  const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
  const running = { start: iso(now - 600_000), user: 'ada', instance_id: 'ada@desk:1:1' };
  writeRemote(folder, 'git@github.com:us/shop.git');
  writeForge(folder, '.task-times.json', {
    42: {
      status: 'active',
      current_session: running,
      sessions: [
        forgeSession('2025-10-01T09:00:00Z', '2025-10-01T10:30:17Z', { reason: 'Break' }),
        forgeSession('2025-10-01T11:00:00Z', '2025-10-01T12:00:00Z', { user: 'ben' }),
        forgeSession('2025-10-02T23:30:00Z', '2025-10-03T00:15:01Z'),
        forgeSession('2025-10-04T09:00:00Z', '2025-10-06T09:00:00Z', { reason: 'Stale cleanup' }),
        { start: 'yesterday', end: '2025-10-01T10:00:00Z', duration: 1, user: 'ada' },
      ],
    },
    7: {
      status: 'closed',
      completed_at: '2025-10-02T10:00:00Z',
      total_hours: 1,
      sessions: [
        // Another instance's, over the one of task 42.
        forgeSession('2025-10-01T10:00:00Z', '2025-10-01T10:45:00Z', {
          instance_id: 'ada@laptop:9:1759000001',
        }),
      ],
    },
    8: { status: 'closed', completed_at: '2025-10-02T10:00:00Z', total_hours: 3.5, sessions: [] },
  });
  writeForge(folder, '.flowforge/billing/time-tracking.json', {
    sessions: {},
    metadata: { version: '2.0.0', project: 'shop' },
    69: {
      status: 'completed',
      current_session: null,
      sessions: [
        { start: 1759996030, end: 1760004120, duration: 8090, user: 'ada', notes: 'Race\nfixed' },
      ],
      total_time: 8090,
    },
    72: {
      status: 'active',
      current_session: { start: '2025-10-09T20:58:41Z', user: 'ada' },
      sessions: [],
    },
  });
  writeForge(
    folder,
    'SESSIONS.md',
    [
      '# Sessions',
      '',
      '| Date | Issue | Start | End | Hours | Status | Description |',
      '|------|-------|-------|-----|-------|--------|-------------|',
      '| 2025-10-01 | #42 | 09:00 | 10:30 | 1.50 | Paused | The same, to the minute @ada |',
      '| 2025-10-06 | #12 | 22:30 | 00:30 | 2.00 | Done | Past midnight @ada |',
      '| 2025-10-07 | #14 | - | - | 0.00 | Active | Nothing yet @ada |',
      '',
      '| Date | Issue | Hours | Description |',
      '| 2025-10-08 | #101 | 0.79 | Task completed @ada |',
      '| 2025-10-08 | #102 | 1.00 | Task completed @ada |',
      '| 2025-10-08 | #69 | 2.25 | Task completed @ada |',
      '| 2025-10-09 | #51 | 30.16 | Task completed @ada |',
      '| 2025-10-09 | #52 | 1.00 | Task completed, by whom? |',
    ].join('\n'),
  );
  writeForge(folder, '.flowforge/developers/ada/time-tracking/2025-10.json', {
    total_minutes: 45,
    entries: [{ date: '2025-10-10', task: '15', minutes: 45 }],
  });
  writeForge(folder, '.flowforge/developers/ada/sessions/history/s1.json', {
    ...{ sessionId: 'session-1-1', taskId: '16', user: 'ada', status: 'ended' },
    ...{ startTime: '2025-10-11T08:00:00.250Z', endTime: '2025-10-11T08:20:00.250Z' },
    ...{ duration: 1200, billing: { billable: false }, environment: { hostname: 'laptop' } },
  });
  writeForge(folder, '.flowforge/developers/ada/profile.json', { displayName: 'Ada' });
  writeForge(folder, '.flowforge/user/ben/time/current.json', {
    total_hours: 1,
    sessions: 1,
    issues: ['42'],
  });
  writeForge(folder, '.flowforge/team/summaries/current.json', {
    version: '2.0.0',
    users: { ada: { total_hours: 12.5, sessions: 4, issues: ['42'] } },
    totals: { hours: 12.5, sessions: 4, issues: ['42'] },
  });
}
