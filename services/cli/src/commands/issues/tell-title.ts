import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { openGitHub, splitIssue } from '@coffee-roadmap/shared/issues/find-provider';
import { keepTitles, readKnownTitles } from '@coffee-roadmap/shared/issues/known-titles';
import { gitProjectOf } from '@coffee-roadmap/shared/time/hooks/git-project';
import { parseIssue } from '@coffee-roadmap/shared/time/manual/issue';
import type { Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';

/** Nobody waits longer for a title. */
const PATIENCE_MS = 3000;

/** What this machine knows, without asking anybody. */
export const knownTitle = (context: Context, issue: string): string | null =>
  readKnownTitles(context.config().paths).get(issue) ?? null;

/**
 * The title of an issue that somebody has just named, for the answer to them: what this machine knows, else
 * what GitHub says at once. What was recorded stands either way; null where there is none or nobody answers.
 */
export async function tellTitle(context: Context, issue: string): Promise<string | null> {
  const config = context.config();
  const known = readKnownTitles(config.paths).get(issue);
  if (known !== undefined) return known;
  const { provider, key } = splitIssue(issue);
  if (provider !== 'github') return null;
  const say = (text: string): void => void context.streams.stderr.write(`${text}\n`);
  try {
    const found = await openGitHub(config, 0, PATIENCE_MS).find(key);
    if (found === undefined) {
      say(
        `warning: GitHub shows nobody like you ${stripEscapes(issue)}; it is recorded all the same`,
      );
      return null;
    }
    keepTitles(config.paths, [found]);
    return found.title;
  } catch (error) {
    const { code, message } = toAppError(error);
    const why = code === 'not_reachable' ? 'GitHub does not answer' : message;
    say(`warning: its title is not known: ${why}`);
    return null;
  }
}

/** As it is typed in this folder: `github:42` is of its remote. */
export const namedIssue = (text: string): string => parseIssue(text, gitProjectOf(process.cwd()));

/** `local:42 (Sign in by link)`. */
export const withTitle = (issue: string, title: string | null): string =>
  title === null ? issue : `${issue} (${stripEscapes(title)})`;
