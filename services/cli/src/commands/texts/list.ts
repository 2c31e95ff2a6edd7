import { listTexts, type MessageText } from '@coffee-roadmap/shared/texts/queries';
import type { Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';

interface ListOptions extends CommonOptions {
  limit: number;
  session?: string;
}

export function registerListTexts(texts: Command, context: Context): void {
  addVerb(texts, 'list', 'the newest texts that machines of yours have sent', {
    examples: ['texts list', 'texts list --limit 5', 'texts list --session ID --json'],
  })
    .option('--limit <n>', 'so many', wholeNumber(1), 20)
    .option('--session <id>', 'of one session of an agent')
    .action((options: ListOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const found = await listTexts(session, { most: options.limit, sessionId: options.session });
        out.result({ texts: found }, () =>
          found.length === 0
            ? 'There are none.'
            : found.map((text) => render(out, text)).join('\n\n'),
        );
      }),
    );
}

function render(out: Output, { at, role, machine, text }: MessageText): string {
  const who = role === 'user' ? 'you' : 'agent';
  const head = `${at.toISOString().slice(0, 16).replace('T', ' ')}  ${who}, on ${stripEscapes(machine)}`;
  return `${out.colours.bold(head)}\n${stripEscapes(text, { multiline: true })}`;
}
