import { listDaemons } from '@coffee-roadmap/shared/daemons/queries';
import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { listProjects } from '@coffee-roadmap/shared/projects/queries';
import {
  getItem,
  listAttempts,
  listHistory,
  listItems,
  listLastSteps,
} from '@coffee-roadmap/shared/roadmap/queries';
import { findNotification } from '@coffee-roadmap/shared/questions/queries';
import { recordQueries, type Recorded } from './record-queries';

/** Rows that the person may see. */
export interface Place {
  projectId: string;
  itemId: number;
  number: string;
  attemptId: number;
  notificationId: number;
}

export interface HotQuery extends Recorded {
  name: string;
  /** The table of whose rows these are; what is joined to it belongs to the same project. */
  table: string;
}

/** What people's clients ask most. */
export async function hotQueries(place: Place): Promise<HotQuery[]> {
  const { projectId, itemId, number, attemptId, notificationId } = place;
  const list: [string, string, Parameters<typeof recordQueries>[0]][] = [
    ['open questions', 'notifications', (s) => listNotifications(s, { open: true })],
    ['newest notifications', 'notifications', (s) => listNotifications(s)],
    ['one notification', 'notifications', (s) => findNotification(s, notificationId)],
    ['roadmap list', 'roadmap_items', (s) => listItems(s, { projectId })],
    ['item', 'roadmap_items', (s) => getItem(s, projectId, number).catch(() => undefined)],
    ['attempts of an item', 'attempts', (s) => listAttempts(s, itemId)],
    ['history of an item', 'roadmap_history', (s) => listHistory(s, itemId)],
    ['steps of an attempt', 'attempt_steps', (s) => listLastSteps(s, attemptId, 50)],
    ['daemon status', 'daemon_status', (s) => listDaemons(s)],
    ['projects', 'projects', (s) => listProjects(s)],
  ];
  const queries: HotQuery[] = [];
  for (const [name, table, work] of list) {
    for (const recorded of await recordQueries(work)) queries.push({ name, table, ...recorded });
  }
  return queries;
}
