import { z } from 'zod';

/** Which of several projects; a daemon's agents know but one. */
export const projectName = z
  .string()
  .optional()
  .describe('Its name; needed only where there are several.');
