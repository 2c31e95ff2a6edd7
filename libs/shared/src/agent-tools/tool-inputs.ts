/** Inputs of tools that a person's agents and a daemon's have alike. */
import { z } from 'zod';
import { ROADMAP_STATES } from '../roadmap/document/roadmap-document';

export const itemNumber = z.string().min(1).max(30).describe('As people say it: 3, 2.5 or US-062.');

export const urgency = z.enum(['critical', 'high', 'normal', 'low']);

export const itemStates = z
  .array(z.enum(ROADMAP_STATES))
  .optional()
  .describe('Only items in these states.');

/** More of a roadmap nobody reads at once. */
export const MOST_ITEMS = 200;

export const questionInput = {
  question: z.string().min(1).max(300),
  details: z.string().max(20_000).default('').describe('What one has to know to answer.'),
  options: z
    .array(z.object({ label: z.string().min(1).max(200), description: z.string().optional() }))
    .max(20)
    .default([])
    .describe('Possible answers. None: people answer in their own words.'),
  multiple: z.boolean().default(false).describe('Several options may be chosen.'),
};

export const progressInput = {
  summary: z.string().min(1).max(300),
  details: z.string().max(20_000).default(''),
};

export const noticeInput = {
  kind: z.enum(['info', 'warning', 'error', 'completion']).default('info'),
  title: z.string().min(1).max(300),
  message: z.string().max(20_000).default(''),
  priority: urgency.default('normal'),
};

/** Of a description: the same words in all servers. */
export const ABOUT = {
  ask_person:
    'Asks the people of the team and waits for the first answer, as long as it takes. They see it in Slack, a terminal or the dashboard. If the call is cut off, repeat it word for word: it is not asked twice.',
  notify: 'Tells the team something that needs no answer, and goes on at once.',
  roadmap_list: `The team's priorities in the order of work, at most ${MOST_ITEMS}: number, title, state, open questions.`,
};
