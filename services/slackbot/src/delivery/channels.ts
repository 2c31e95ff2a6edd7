import type { Session } from '@coffee-roadmap/shared/db/session';
import { listProjectNames, type ProjectName } from '@coffee-roadmap/shared/projects/queries';
import type { Channels } from '@coffee-roadmap/shared/slack/outbox-queries';
import type { SlackConfig } from '../config';

type Names = Pick<SlackConfig, 'channel' | 'channels'>;

export async function readChannels(session: Session<'slackbot'>, names: Names): Promise<Channels> {
  return channelsOf(await listProjectNames(session), names);
}

/** The channel of each project that has one of its own: named `project`, or `team/project`. */
export function channelsOf(projects: ProjectName[], names: Names): Channels {
  const own = projects.flatMap(({ id, name, team }) => {
    const channel =
      names.channels[`${team}/${name}`.toLowerCase()] ?? names.channels[name.toLowerCase()];
    return channel === undefined ? [] : [[id, channel]];
  });
  return { default: names.channel, projects: Object.fromEntries(own) as Record<string, string> };
}

/** The projects that a channel is told about. */
export function projectsOf(channel: string, projects: ProjectName[], names: Names): ProjectName[] {
  const channels = channelsOf(projects, names);
  return projects.filter(
    ({ id, archived_at }) =>
      archived_at === null && (channels.projects[id] ?? channels.default) === channel,
  );
}
