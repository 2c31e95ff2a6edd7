import type { Stream } from '@coffee-roadmap/shared/time/queries';
import type { Times } from '@coffee-roadmap/shared/time/report/report';
import type { Assigned } from '@coffee-roadmap/shared/time/streams/queries';
import type { Output } from '../../output';
import { formatHours } from '../../terminal/duration';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { count } from '../../words';

export type TimedStream = Stream & Times;

export function renderStreams(out: Output, streams: readonly TimedStream[], known: number): string {
  if (streams.length === 0)
    return known === 0
      ? 'No streams yet: they come with events. coffee-roadmap hooks install tmux records some.'
      : `No time in these days; coffee-roadmap streams list --all shows ${count(known, 'stream')}.`;
  return renderTable(
    [
      { title: 'ID', align: 'right' },
      { title: 'NAME', flexible: true, min: 12, paint: out.colours.bold },
      { title: 'MACHINE', flexible: true },
      { title: 'OWN', align: 'right' },
      { title: 'AGENTS', align: 'right' },
      { title: 'TAGS', flexible: true },
    ],
    streams.map(({ id, name, machine, directMs, delegatedMs, tags }) => [
      id,
      name,
      machine,
      formatHours(directMs),
      formatHours(delegatedMs),
      tags.join(' '),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
}

export function renderStream(
  out: Output,
  stream: TimedStream,
  assigned: readonly Assigned[],
  events: number,
): string {
  const { dim, bold } = out.colours;
  const line = (title: string, text: string): string[] =>
    text === '' ? [] : [`${dim(title.padEnd(12))}${stripEscapes(text)}`];
  return [
    bold(stripEscapes(`${stream.id} ${stream.name}`)),
    ...line('machine', stream.machine),
    ...line('remote', stream.remote ?? ''),
    ...line('folders', stream.folders.join(', ')),
    ...line('tags', stream.tags.join(' ')),
    ...line(
      'seven days',
      `${formatHours(stream.directMs)} own, ${formatHours(stream.delegatedMs)} agents`,
    ),
    ...assigned.flatMap(({ subject, key }) => line('you said', `${subject} ${key}`)),
    ...(events > 0 ? line('you said', count(events, 'event')) : []),
  ].join('\n');
}
