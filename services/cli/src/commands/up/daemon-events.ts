import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { daemonDocument } from '../daemon/daemon-document';
import { troublesOf } from '../daemon/render-daemon';
import { feedLines } from './feed-lines';

export interface DaemonEvent {
  event: 'ready' | 'paused' | 'resumed' | 'silent';
  daemon: Daemon;
}

type Seen = 'ready' | 'paused' | 'silent';

/** Each call gives what has changed since the one before; at first what began after `since`. */
export function createDaemonLook(since: Date): (daemons: Daemon[]) => DaemonEvent[] {
  const seen = new Map<string, { as: Seen; startedAt: number }>();
  let first = true;

  return (daemons) => {
    const events = daemons.flatMap((daemon): DaemonEvent[] => {
      const { daemon_id: id, started_at: startedAt } = daemon;
      if (daemon.live && daemon.state === 'starting') return [];
      const as = stateOf(daemon);
      const before = seen.get(id);
      seen.set(id, { as, startedAt: startedAt.getTime() });
      if (before === undefined && first && startedAt < since) return [];
      const anew = before === undefined || before.startedAt !== startedAt.getTime();
      if (anew) return as === 'silent' ? [] : [{ event: as, daemon }];
      if (before.as === as) return [];
      return [{ event: before.as === 'paused' && as === 'ready' ? 'resumed' : as, daemon }];
    });
    first = false;
    return events;
  };
}

function stateOf(daemon: Daemon): Seen {
  if (!daemon.live) return 'silent';
  return daemon.paused_at === null ? 'ready' : 'paused';
}

export function renderDaemonEvent(
  out: Output,
  { event, daemon }: DaemonEvent,
  wanted: ReadonlySet<string>,
): string {
  const { colours } = out;
  const name = stripEscapes(daemon.name);
  const by = daemon.paused_by_name === null ? '' : ` by ${stripEscapes(daemon.paused_by_name)}`;
  const told = {
    ready: colours.green(`● ${name} is ready`),
    resumed: colours.green(`● ${name} goes on`),
    paused: colours.yellow(`● ${name} is paused${by}`),
    silent: colours.red(`● ${name} has stopped`),
  }[event];
  const below = {
    ready: daemon.isolated ? [colours.dim(stripEscapes(daemon.isolation))] : [],
    resumed: [],
    paused: ['coffee-roadmap daemon resume'],
    silent: [],
  }[event];
  const troubles = event === 'ready' ? troublesOf(daemon, wanted) : [];
  const lines = troubles.map((line) => colours.yellow(`! ${stripEscapes(line)}`));
  return feedLines(out, new Date(), told, [...below, ...lines]);
}

export function daemonEventDocument({ event, daemon }: DaemonEvent): object {
  return { type: 'daemon', event, ...daemonDocument(daemon) };
}
