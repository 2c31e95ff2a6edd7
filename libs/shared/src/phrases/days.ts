import { isoWeekOf } from '../time/periods/local-date';
import type { MachinePhraseCount, PhraseCount } from './queries';

/** `{day, <pattern>: n, …, total_messages: n}`, as the original API has it. */
export type PhraseDay = Record<string, number | string> & { day: string; total_messages: number };

const emptyDay = (day: string): PhraseDay => ({ day, total_messages: 0 });

/** One entry a day, in the order in which the days come. */
export function daysOf(counts: readonly PhraseCount[]): PhraseDay[] {
  const days = new Map<string, PhraseDay>();
  for (const { day, pattern, messages } of counts) {
    const entry = days.get(day) ?? emptyDay(day);
    // Without a pattern: all messages. A pattern of the name of another key would hide that one.
    if (pattern === '') entry.total_messages = messages;
    else if (pattern !== 'day' && pattern !== 'total_messages') entry[pattern] = messages;
    days.set(day, entry);
  }
  return [...days.values()];
}

export interface Workstation {
  workstation_id: string;
  history: PhraseDay[];
}

export function workstationsOf(counts: readonly MachinePhraseCount[]): Workstation[] {
  const machines = new Map<string, MachinePhraseCount[]>();
  for (const count of counts)
    machines.set(count.machine_id, [...(machines.get(count.machine_id) ?? []), count]);
  return [...machines.values()].map((own) => ({
    workstation_id: own[0]!.label,
    history: daysOf(own),
  }));
}

/** Per workstation: days, messages, and matches by pattern, over all days. */
export function contributionsOf(workstations: readonly Workstation[]): object[] {
  return workstations.map(({ workstation_id, history }) => {
    const patterns: Record<string, number> = {};
    for (const entry of history)
      for (const [name, n] of Object.entries(entry))
        if (name !== 'day' && name !== 'total_messages')
          patterns[name] = (patterns[name] ?? 0) + Number(n);
    return {
      workstation_id,
      days: history.length,
      first_day: history[0]?.day ?? null,
      last_day: history.at(-1)?.day ?? null,
      total_messages: history.reduce((sum, { total_messages }) => sum + total_messages, 0),
      patterns,
    };
  });
}

/** The same by ISO week, `{day: '2026-W47', …}`: a day of it that has nothing counts as nothing. */
export function weeksOf(days: readonly PhraseDay[]): PhraseDay[] {
  const weeks = new Map<string, PhraseDay>();
  for (const entry of days) {
    const week = isoWeekOf(entry.day);
    weeks.set(week, addUp(weeks.get(week) ?? emptyDay(week), entry));
  }
  return [...weeks.values()];
}

/** Everything under the names of `sum`'s day; days are not compared. */
export function addUp(sum: PhraseDay, entry: PhraseDay): PhraseDay {
  const all: PhraseDay = { ...sum };
  for (const [name, n] of Object.entries(entry))
    if (name !== 'day') all[name] = Number(all[name] ?? 0) + Number(n);
  return all;
}

/** Names of patterns: those that are asked for first, then what else occurs, sorted. */
export function patternsIn(days: readonly PhraseDay[], first: readonly string[] = []): string[] {
  const found = new Set(days.flatMap((entry) => Object.keys(entry)));
  found.delete('day');
  found.delete('total_messages');
  const others = [...found].filter((name) => !first.includes(name)).sort();
  return [...first, ...others];
}
