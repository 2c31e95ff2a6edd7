import type { Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withProgress } from '../../terminal/progress';
import { startDemoStack, type DemoStack } from './demo-stack';
import { removeLeftovers } from './leftovers';
import { NOTHING_LEFT, play } from './play';
import type { DemoOptions } from './register';
import { readStory, storyDocument, storySummary } from './story';

/** Throws unless all of it happened: three priorities done, one question answered by a person. */
export async function runDemo(context: Context, options: DemoOptions): Promise<void> {
  const out = context.output(options);
  const { say } = out;
  const startedAt = Date.now();
  const interrupts = holdInterrupts();
  let stack: DemoStack | undefined;
  let keep = false;
  try {
    stack = await withProgress(context.streams.stderr, 'bringing up a database', async (shown) => {
      await removeLeftovers();
      return startDemoStack(context.config().env, (line) => shown.update(line));
    });
    interrupts.check(NOTHING_LEFT);
    say('A demo, in a database and a repository of its own. The agent is a rehearsal: it');
    say('needs no key. You are played by the commands that begin with $.\n');
    const items = await play(context, stack, say, interrupts);
    const story = await readStory(stack.session, items);
    const duration = Date.now() - startedAt;
    keep = options.keep === true;
    out.result(
      storyDocument(story, stack.sample.repository, duration),
      () => `\n${storySummary(story, duration)}`,
    );
  } catch (error) {
    if (!interrupts.signal.aborted) showLog(stack, say);
    throw error;
  } finally {
    await stack?.close(keep);
    interrupts.end();
  }
  if (keep) {
    say(`Look at it:    git -C ${quote(stack.sample.repository)} log --graph --oneline`);
    say(`Throw it away: rm -r ${quote(stack.folder)}`);
  } else {
    say('With a roadmap of your own: npm start');
  }
}

/** For a shell. */
function quote(file: string): string {
  return /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

/** It is removed with all the rest. */
function showLog(stack: DemoStack | undefined, say: (line: string) => void): void {
  const lines = stack?.lastWords() ?? [];
  if (lines.length > 0) say('The last lines of the daemon’s log:');
  for (const line of lines) say(`  ${stripEscapes(line)}`);
}
