import {
  ABOUT,
  itemNumber,
  itemStates,
  MOST_ITEMS,
} from '@coffee-roadmap/shared/agent-tools/tool-inputs';
import type { ToolServer } from '@coffee-roadmap/shared/agent-tools/tool-server';
import { listRoadmap, proposeItem } from '@coffee-roadmap/shared/agent-tools/queries';
import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { getItem, listAttempts } from '@coffee-roadmap/shared/roadmap/queries';
import { z } from 'zod';
import { attemptDocument } from '../roadmap/attempt-document';
import { itemDocument } from '../roadmap/item-document';
import { notificationDocument } from '../notifications/notification-document';
import type { AgentDesk } from './agent-desk';
import { projectName } from './tool-inputs';

export function addRoadmapTools(server: ToolServer, desk: AgentDesk): void {
  server.tool(
    'roadmap_list',
    {
      description: ABOUT.roadmap_list,
      input: {
        project: projectName,
        states: itemStates,
      },
      readOnly: true,
    },
    async ({ project: named, states }) => {
      const { session } = await desk.open();
      const project = await desk.project(session, named);
      const items = await listRoadmap(session, {
        projectId: project.id,
        states,
        limit: MOST_ITEMS,
      });
      return { project: project.name, items };
    },
  );

  server.tool(
    'roadmap_view',
    {
      description:
        'One priority: its whole text, what was tried, and the questions that are open about it.',
      input: { project: projectName, number: itemNumber },
      readOnly: true,
    },
    async ({ project: named, number }) => {
      const { session } = await desk.open();
      const project = await desk.project(session, named);
      const item = await getItem(session, project.id, number);
      const [attempts, questions] = await Promise.all([
        listAttempts(session, item.id),
        listNotifications(session, { projectId: project.id, itemId: item.id, open: true }),
      ]);
      return {
        ...itemDocument(item, project.name),
        attempts: attempts.map(attemptDocument),
        questions: questions.map(notificationDocument),
      };
    },
  );

  server.tool(
    'roadmap_add',
    {
      description:
        'Proposes a priority. It comes last and waits, blocked, until a person reopens it; no daemon starts it before.',
      input: {
        project: projectName,
        title: z.string().min(1).max(500),
        body: z.string().max(100_000).default('').describe('What is wanted and why, as Markdown.'),
      },
    },
    async ({ project: named, title, body }) => {
      const { session } = await desk.open();
      const project = await desk.project(session, named);
      const item = await proposeItem(session, { projectId: project.id, title, body });
      return {
        ...itemDocument(item, project.name),
        next: `A person agrees with: coffee-roadmap roadmap reopen ${item.number}`,
      };
    },
  );
}
