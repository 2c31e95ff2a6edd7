import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { daemonDocument } from '../daemon/daemon-document';
import { troublesOf } from '../daemon/render-daemon';
import { feedLines } from './feed-lines';

export interface DaemonEvent {
  event: 'ready' | 'paused' | 'resumed' | 'silent' | 'trouble';
  daemon: Daemon;
  /** What is wrong with it and was not before. */
  troubles: string[];
}

type Seen = 'ready' | 'paused' | 'silent';

/**
 * Each call gives what has changed since the one before; at first what began after `since`.
 * `wanted`: the agents of the projects.
 */
export function createDaemonLook(
  since: Date,
): (daemons: Daemon[], wanted: ReadonlySet<string>) => DaemonEvent[] {
  const seen = new Map<string, { as: Seen; startedAt: number; troubles: string[] }>();
  let first = true;

  function lookAt(daemon: Daemon, wanted: ReadonlySet<string>): DaemonEvent[] {
    const startedAt = daemon.started_at.getTime();
    if (daemon.live && daemon.state === 'starting') return [];
    const as = stateOf(daemon);
    const now = troublesOf(daemon, wanted);
    const before = seen.get(daemon.daemon_id);
    const known = before?.startedAt === startedAt ? before : undefined;
    seen.set(daemon.daemon_id, { as, startedAt, troubles: now });
    const troubles = now.filter((line) => known?.troubles.includes(line) !== true);
    if (before === undefined && first && startedAt < since.getTime()) return [];
    if (known === undefined) return as === 'silent' ? [] : [{ event: as, daemon, troubles }];
    if (known.as !== as) {
      const event = known.as === 'paused' && as === 'ready' ? 'resumed' : as;
      return [{ event, daemon, troubles }];
    }
    return troubles.length > 0 ? [{ event: 'trouble', daemon, troubles }] : [];
  }

  return (daemons, wanted) => {
    const events = daemons.flatMap((daemon) => lookAt(daemon, wanted));
    first = false;
    return events;
  };
}

function stateOf(daemon: Daemon): Seen {
  if (!daemon.live) return 'silent';
  return daemon.paused_at === null ? 'ready' : 'paused';
}

/** Empty when there is nothing to say. */
export function renderDaemonEvent(
  out: Pick<Output, 'colours'>,
  { event, daemon, troubles }: DaemonEvent,
): string {
  const { colours } = out;
  const name = stripEscapes(daemon.name);
  const by = daemon.paused_by_name === null ? '' : ` by ${stripEscapes(daemon.paused_by_name)}`;
  const wrong = troubles.map((line) => colours.yellow(`! ${stripEscapes(line)}`));
  const isolation = daemon.isolated ? [colours.dim(stripEscapes(daemon.isolation))] : [];
  const at = new Date();
  switch (event) {
    case 'ready':
      return feedLines(out, at, colours.green(`● ${name} is ready`), [...isolation, ...wrong]);
    case 'resumed':
      return feedLines(out, at, colours.green(`● ${name} goes on`), wrong);
    case 'paused':
      return feedLines(out, at, colours.yellow(`● ${name} is paused${by}`), [
        ...wrong,
        'coffee-roadmap daemon resume',
      ]);
    case 'silent':
      return feedLines(out, at, colours.red(`● ${name} has stopped`));
    case 'trouble':
      return wrong.length === 0 ? '' : feedLines(out, at, `● ${name}`, wrong);
  }
}

export function daemonEventDocument({ event, daemon, troubles }: DaemonEvent): object {
  return { type: 'daemon', event, troubles, ...daemonDocument(daemon) };
}
