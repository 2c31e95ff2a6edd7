import type { Daemon } from '@coffee-roadmap/shared/daemons/queries';

/** A daemon as --json shows it. */
export function daemonDocument(daemon: Daemon): object {
  return {
    name: daemon.name,
    state: daemon.live ? daemon.state : 'stopped',
    live: daemon.live,
    project: daemon.project,
    number: daemon.number,
    title: daemon.title,
    attempt: daemon.attempt,
    note: daemon.note,
    paused_at: daemon.paused_at,
    paused_by: daemon.paused_by_name,
    isolated: daemon.isolated,
    isolation: daemon.isolation,
    agents: daemon.agents,
    version: daemon.version,
    host: daemon.host,
    started_at: daemon.started_at,
    heartbeat_at: daemon.heartbeat_at,
  };
}
