/** A day told in records, for the tests of this folder; part of no program. */
import type { ActivityRecord } from '../../records/record';
import { readEvent } from '../events/read-event';
import { compareEvents, type TimeEvent } from '../events/time-event';
import { allocate } from './allocate';

export const DAY = '2026-03-02';
export const at = (clock: string): number => Date.parse(`${DAY}T${clock}:00.000Z`);
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

type Fields = { type: ActivityRecord['type'] } & Record<string, unknown>;
export interface Told extends Fields {
  time: string;
  machine?: string;
  stream?: string | null;
}

/** Events from records as machines report them, with what is the same in all filled in. */
export function events(...told: Told[]): TimeEvent[] {
  return told
    .map(({ time, machine = 'laptop', stream = null, ...fields }, i) => {
      const record = {
        v: 1,
        id: `${machine}:${fields.type}:${i}`,
        at: `${DAY}T${time}:00.000Z`,
        session_id: null,
        ...fields,
      } as unknown as ActivityRecord;
      return readEvent(record, { machine, stream, sessionType: null });
    })
    .filter((event) => event !== undefined)
    .sort(compareEvents);
}

export const told = (list: TimeEvent[], until = '23:59') => {
  const { direct, delegated, cutTimers } = allocate(list, at(until));
  const say = (interval: (typeof direct)[number]) =>
    `${clock(interval.from)}-${clock(interval.to)} ${interval.issue ?? interval.stream ?? '?'}`;
  return { direct: direct.map(say), delegated: delegated.map(say), cutTimers };
};

export const pane = (time: string, stream: string | null, more: object = {}): Told => ({
  type: 'tmux_pane_focus',
  time,
  stream,
  ...more,
});
