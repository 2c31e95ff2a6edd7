import type { From } from '@coffee-roadmap/shared/slack/interaction-queries';
import type { BlockAction, BlockElementAction, SlashCommand, ViewSubmitAction } from '../bolt';

/** Who clicked. Slack gives each click a time of its own, which every delivery of it carries. */
export function fromClick(body: BlockAction, action: BlockElementAction): From {
  const { user } = body;
  return {
    key: `click:${user.id}:${action.action_ts}:${action.action_id}`,
    team: user.team_id ?? body.team?.id ?? '',
    user: user.id,
    name: user.name ?? user.username,
  };
}

export function fromView({ user, team, view }: ViewSubmitAction): From {
  return {
    key: `view:${view.id}:${view.hash}`,
    team: user.team_id ?? team?.id ?? '',
    user: user.id,
    name: user.name,
  };
}

export function fromCommand(command: SlashCommand): From {
  return {
    key: `command:${command.trigger_id}`,
    team: command.team_id,
    user: command.user_id,
    name: command.user_name,
  };
}

/** `user_team`: in a shared channel the writer may be of another workspace. */
export function fromMessage(
  message: { user: string; user_team?: string; team?: string },
  envelope: { event_id: string; team_id: string },
): From {
  return {
    key: `event:${envelope.event_id}`,
    team: message.user_team ?? message.team ?? envelope.team_id,
    user: message.user,
    name: message.user,
  };
}
