/** Inputs that several tools have. */
import { z } from 'zod';

export const projectName = z
  .string()
  .optional()
  .describe('Its name; needed only where there are several.');

export const itemNumber = z.string().min(1).max(30).describe('As people say it: 3, 2.5 or US-062.');

export const urgency = z.enum(['critical', 'high', 'normal', 'low']);
