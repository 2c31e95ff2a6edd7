import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { findLinkedPerson } from '@coffee-roadmap/shared/slack/interaction-queries';
import { listDaemonsOf, spentToday } from '@coffee-roadmap/shared/slack/reading-queries';
import { renderHome, renderUnlinkedHome } from '../messages/home';
import type { ActionContext } from './context';
import { insist } from './insist';

/** Shows somebody's App Home as it is now. */
export async function publishHome(
  { session, client }: ActionContext,
  team: string,
  user: string,
): Promise<void> {
  const person = await findLinkedPerson(session, team, user);
  if (person === undefined) {
    await insist(() => client.views.publish({ user_id: user, view: renderUnlinkedHome() }));
    return;
  }
  const [open, daemons, spentUsd] = await Promise.all([
    listNotifications(session, { open: true }),
    listDaemonsOf(session, person),
    spentToday(session, person.projects),
  ]);
  const questions = open.filter(({ project_id }) => person.projects.includes(project_id));
  const view = renderHome({ name: person.name, questions, daemons, spentUsd });
  await insist(() => client.views.publish({ user_id: user, view }));
}
