/** The decisions of docs/adr/0009 on agents' time, each by its name. */
import { unionLength } from '../intervals/measure';
import { allocate } from './allocate';
import { at, events, pane, told, type Told } from './told-day';

const tool = (time: string, session_id: string, stream: string | null = 'red'): Told => ({
  type: 'agent_tool_use',
  time,
  session_id,
  stream,
});

describe('an agent’s time', () => {
  it('adds up over sessions, and beside its person’s', () => {
    const list = events(
      pane('09:00', 'red'),
      tool('09:00', 's'),
      tool('09:10', 's'),
      tool('09:05', 't'),
      tool('09:15', 't'),
    );
    const { direct, delegated } = allocate(list, at('10:00'));
    expect(told(list).delegated).toEqual(['09:00-09:10 red', '09:05-09:15 red']);
    expect(unionLength([...direct, ...delegated])).toBe(15 * 60_000);
  });

  it('ends at its last sign of life where the session crashed', () => {
    expect(told(events(tool('09:00', 's'), tool('09:10', 's'))).delegated).toEqual([
      '09:00-09:10 red',
    ]);
  });

  it('begins again after a gap of more than half an hour', () => {
    const list = events(
      tool('09:00', 's'),
      tool('09:10', 's'),
      tool('09:41', 's'),
      tool('10:11', 's'),
    );
    expect(told(list).delegated).toEqual(['09:00-09:10 red', '09:41-10:11 red']);
  });

  it('is not the time for which it waited for its person', () => {
    const list = events(
      tool('09:00', 's'),
      tool('09:05', 's'),
      { type: 'user_message', time: '09:20', session_id: 's', stream: 'red' },
      tool('09:22', 's'),
    );
    expect(told(list).delegated).toEqual(['09:00-09:05 red', '09:20-09:22 red']);
  });

  it('takes an end for a sign of life: it is where the transcript ended when it was read', () => {
    const ended: Told = { type: 'agent_session', time: '09:05', session_id: 's', action: 'ended' };
    expect(told(events(tool('09:00', 's'), ended, tool('09:10', 's'))).delegated).toEqual([
      '09:00-09:10 red',
    ]);
  });

  it('is its sign’s stream, and the next one’s where that has none', () => {
    const list = events(
      tool('09:00', 's', null),
      tool('09:05', 's', 'red'),
      tool('09:10', 's', null),
    );
    expect(told(list).delegated).toEqual(['09:00-09:10 red']);
  });
});
