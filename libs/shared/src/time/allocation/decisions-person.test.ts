/** The decisions of docs/adr/0009 on a person's time, each by its name. */
import { at, DAY, events, pane, told, type Told } from './told-day';

describe('a person’s time', () => {
  it('lasts five minutes after each thing they did', () => {
    expect(told(events(pane('09:00', 'red'), pane('09:03', 'red'))).direct).toEqual([
      '09:00-09:08 red',
    ]);
  });

  it('is one timeline over all machines: the other machine ends what went on at the first', () => {
    const list = events(
      pane('09:00', 'red', { machine: 'a' }),
      pane('09:02', 'blue', { machine: 'b' }),
      pane('09:04', 'red', { machine: 'a' }),
    );
    expect(told(list).direct).toEqual(['09:00-09:02 red', '09:02-09:04 blue', '09:04-09:09 red']);
  });

  it('goes to nobody’s stream where none is assigned, and is shown', () => {
    expect(told(events(pane('09:00', null))).direct).toEqual(['09:00-09:05 ?']);
  });

  it('is not made by what an agent says to its sub-agent', () => {
    const list = events({ type: 'user_message', time: '09:00', session_id: 'agent-1' });
    expect(told(list).direct).toEqual([]);
  });

  it('is not made by what an agent commits, and is by what a person commits', () => {
    const commit = (actor: string | null, time: string): Told => ({
      type: 'git_commit',
      actor,
      time,
    });
    expect(told(events(commit('agent', '09:00'), commit(null, '09:30'))).direct).toEqual([]);
    expect(told(events(commit('person', '10:00'))).direct).toEqual(['10:00-10:05 ?']);
  });

  it('ends at the last input, not when its absence was noticed', () => {
    const idle: Told = {
      type: 'afk_change',
      time: '09:06',
      status: 'idle',
      idle_duration_ms: 180_000,
    };
    expect(told(events(pane('09:00', 'red'), pane('09:01', 'red'), idle)).direct).toEqual([
      '09:00-09:03 red',
    ]);
  });

  it('goes on after an absence that another keyboard contradicts', () => {
    const idle: Told = {
      type: 'afk_change',
      time: '09:06',
      status: 'idle',
      idle_duration_ms: 360_000,
    };
    expect(told(events(idle, pane('09:04', 'red', { machine: 'b' }))).direct).toEqual([
      '09:04-09:09 red',
    ]);
  });

  it('does not begin by coming back, but by what is done then', () => {
    const list = events(
      pane('09:00', 'red'),
      { type: 'afk_change', time: '09:02', status: 'idle', idle_duration_ms: 0 },
      { type: 'afk_change', time: '10:00', status: 'active', idle_duration_ms: null },
      { type: 'tmux_scroll', time: '10:02', stream: 'red' },
    );
    expect(told(list).direct).toEqual(['09:00-09:02 red', '10:02-10:07 red']);
  });

  it('ends when the screen is locked', () => {
    const lock: Told = {
      type: 'window_focus',
      time: '09:01',
      window_app_id: 'com.apple.loginwindow',
    };
    expect(told(events(pane('09:00', 'red'), lock)).direct).toEqual(['09:00-09:01 red']);
  });

  it.each([
    ['of the same stream prolongs it', { stream: 'red' }, '09:00-09:09 red'],
    ['of no stream prolongs it', { stream: null }, '09:00-09:09 red'],
    ['of another stream is passed over', { stream: 'blue' }, '09:00-09:05 red'],
    ['on another machine is passed over', { stream: 'red', machine: 'b' }, '09:00-09:05 red'],
  ])('a scroll %s', (_, fields, expected) => {
    const scroll: Told = { type: 'tmux_scroll', time: '09:04', ...fields };
    expect(told(events(pane('09:00', 'red'), scroll)).direct).toEqual([expected]);
  });

  it('in a terminal is the pane’s, in a browser the tab’s, elsewhere the window’s', () => {
    const window = (time: string, window_app_id: string, stream: string | null): Told => ({
      type: 'window_focus',
      time,
      window_app_id,
      stream,
    });
    const list = events(
      pane('09:00', 'red', { machine: 'devbox' }),
      window('09:01', 'Slack', 'chat'),
      window('09:02', 'firefox', null),
      { type: 'browser_tab', time: '09:03', stream: 'docs' },
      window('09:04', 'com.googlecode.iterm2', null),
      { type: 'browser_tab', time: '09:05', stream: 'hidden' },
    );
    expect(told(list).direct).toEqual([
      '09:00-09:01 red',
      '09:01-09:02 chat',
      '09:02-09:03 ?',
      '09:03-09:04 docs',
      '09:04-09:09 red',
    ]);
  });

  it('does not find yesterday’s place after six hours without anybody', () => {
    const list = events(pane('09:00', 'red'), {
      type: 'window_focus',
      time: '16:00',
      window_app_id: 'kitty',
    });
    expect(told(list).direct).toEqual(['09:00-09:05 red', '16:00-16:05 ?']);
  });
});

describe('a timer', () => {
  const timer = (time: string, action: string, issue = 'local:42'): Told => ({
    type: 'manual_timer',
    time,
    action,
    issue,
  });

  it('wins over what is inferred, absence included', () => {
    const list = events(
      pane('08:59', 'red'),
      timer('09:00', 'start'),
      pane('09:10', 'blue'),
      { type: 'afk_change', time: '09:30', status: 'idle', idle_duration_ms: 600_000 },
      timer('10:00', 'stop'),
    );
    expect(told(list).direct).toEqual(['08:59-09:00 red', '09:00-10:00 local:42']);
  });

  it('leaves the rest of the attention to what is in front', () => {
    const list = events(timer('09:00', 'start'), pane('09:02', 'red'), timer('09:03', 'pause'));
    expect(told(list).direct).toEqual(['09:00-09:03 local:42', '09:03-09:07 red']);
  });

  it('ends when another starts: a person does one thing', () => {
    const list = events(
      timer('09:00', 'start', 'local:1'),
      timer('09:30', 'start', 'local:2'),
      timer('09:40', 'stop', 'local:1'),
      timer('10:00', 'stop', 'local:2'),
    );
    expect(told(list).direct).toEqual(['09:00-09:30 local:1', '09:30-10:00 local:2']);
  });

  it('that was forgotten ends after twelve hours and is named', () => {
    const { direct, cutTimers } = told(events(timer('09:00', 'start')));
    expect(direct).toEqual(['09:00-21:00 local:42']);
    expect(cutTimers).toEqual([{ issue: 'local:42', at: at('21:00') }]);
  });
});

describe('a log', () => {
  const log = (time: string, from: string, minutes: number, issue: string): Told => ({
    type: 'manual_log',
    time,
    started_at: `${DAY}T${from}:00.000Z`,
    duration_ms: minutes * 60_000,
    issue,
  });

  it('wins over timers and over what was inferred', () => {
    const list = events(
      { type: 'manual_timer', time: '09:00', action: 'start', issue: 'local:1' },
      { type: 'manual_timer', time: '10:00', action: 'stop', issue: 'local:1' },
      pane('10:00', 'red'),
      log('18:00', '09:30', 33, 'local:2'),
    );
    expect(told(list).direct).toEqual([
      '09:00-09:30 local:1',
      '09:30-10:03 local:2',
      '10:03-10:05 red',
    ]);
  });

  it('wins over logs that were recorded before it', () => {
    const list = events(log('18:00', '09:00', 60, 'local:1'), log('18:05', '09:30', 60, 'local:2'));
    expect(told(list).direct).toEqual(['09:00-09:30 local:1', '09:30-10:30 local:2']);
  });
});
