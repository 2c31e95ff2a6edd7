import type { ToolServer } from '@coffee-roadmap/shared/agent-tools/tool-server';
import {
  ABOUT,
  itemNumber,
  noticeInput,
  progressInput,
  questionInput,
  urgency,
} from '@coffee-roadmap/shared/agent-tools/tool-inputs';
import { askPerson } from '@coffee-roadmap/shared/agent-tools/ask-person';
import { cleanLine, cleanText } from '@coffee-roadmap/shared/agents/clean-text';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { notify } from '@coffee-roadmap/shared/questions/queries';
import { getItem } from '@coffee-roadmap/shared/roadmap/queries';
import { z } from 'zod';
import type { AgentDesk } from './agent-desk';
import { projectName } from './tool-inputs';

/** Longer than a weekend. An answer that is older is asked for anew. */
const TAKEN_UP_MS = 7 * 86_400_000;

export function addPeopleTools(server: ToolServer, desk: AgentDesk): void {
  /** The project and item that something is about. */
  async function about(session: Session, named: string | undefined, number: string | undefined) {
    const project = await desk.project(session, named);
    const item = number === undefined ? undefined : await getItem(session, project.id, number);
    return { projectId: project.id, itemId: item?.id };
  }

  server.tool(
    'ask_person',
    {
      description: ABOUT.ask_person,
      input: {
        project: projectName,
        ...questionInput,
        item: itemNumber.optional(),
        priority: urgency.default('normal'),
        key: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .describe('A name of your own for the question, to find it again in other words.'),
      },
    },
    async ({ project, question, details, options, multiple, item, priority, key }, call) => {
      const opened = await desk.open();
      const where = await about(opened.session, project, item);
      const answer = await askPerson(
        opened,
        {
          ...where,
          title: cleanLine(question, 300),
          message: cleanText(details, 20_000),
          options: options.map(({ label, description }) => ({
            label: cleanLine(label),
            ...(description ? { description: cleanText(description, 2_000) } : {}),
          })),
          ...{ multiple, priority, freeText: true, maxAgeMs: TAKEN_UP_MS },
          content: key === undefined ? { question, details, options, multiple, item } : { key },
        },
        call.signal,
      );
      call.afterSent(answer.handedOver);
      return { question_id: answer.id, answer: answer.answer, answered_by: answer.answeredBy };
    },
  );

  server.tool(
    'report_progress',
    {
      description:
        'Tells the team in a line how far you are with a priority. They read it later; nobody is disturbed.',
      input: {
        project: projectName,
        item: itemNumber,
        ...progressInput,
      },
    },
    async ({ project, item, summary, details }) => {
      const { session } = await desk.open();
      const { id } = await notify(session, {
        ...(await about(session, project, item)),
        ...{ kind: 'info', priority: 'low', context: { progress: true } },
        title: cleanLine(summary, 300),
        message: cleanText(details, 20_000),
      });
      return { notification_id: id };
    },
  );

  server.tool(
    'notify',
    {
      description: ABOUT.notify,
      input: {
        project: projectName,
        ...noticeInput,
        item: itemNumber.optional(),
      },
    },
    async ({ project, kind, title, message, item, priority }) => {
      const { session } = await desk.open();
      const { id } = await notify(session, {
        ...(await about(session, project, item)),
        ...{ kind, priority },
        title: cleanLine(title, 300),
        message: cleanText(message, 20_000),
      });
      return { notification_id: id };
    },
  );
}
