import { archivePhrases } from '@coffee-roadmap/shared/phrases/queries';
import type { Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { count } from '../../words';

interface ArchiveOptions extends CommonOptions {
  days: number;
}

export function registerArchive(phrases: Command, context: Context): void {
  addVerb(phrases, 'archive', 'fold records of old messages; no count changes', {
    examples: ['phrases archive', 'phrases archive --days 180'],
  })
    .option('--days <n>', 'older than so many days; at least 30', wholeNumber(30), 90)
    .action((options: ArchiveOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const archived = await archivePhrases(session, options.days);
        out.result(
          { archived },
          () => `${count(archived, 'record')} archived. The counts are what they were.`,
        );
      }),
    );
}
