import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { AppError, ERROR_CODES, type ErrorCode } from '@coffee-roadmap/shared/errors';
import { CommanderError, type Command } from 'commander';
import { nameInHint } from './called-as';
import { checkVerbs } from './check-verbs';
import type { Context } from './context';
import { limitWords } from './limits';
import { stripEscapes } from './terminal/strip-escapes';

/**
 * Runs one command and returns the exit code. The one place where the CLI turns errors into words:
 * one line of what happened, one of what to do.
 */
export async function runProgram(
  program: Command,
  context: Context,
  args: string[],
): Promise<number> {
  const { stdout } = context.streams;
  // `… | head` is done with us: not an error.
  stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 1),
  );
  try {
    checkVerbs(program, args);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // --help, --version
    const failure = error instanceof CommanderError ? usageError(error, args) : toAppError(error);
    context.streams.stderr.write(explain(failure, context));
    return ERROR_CODES[failure.code];
  }
}

function usageError(error: CommanderError, args: string[]): AppError {
  const path = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0);
  const message = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
  const nouns = path.slice(0, 2).filter((word) => /^[a-z-]+$/.test(word));
  return new AppError('invalid_input', message, {
    hint: `${['coffee-roadmap', ...nouns, '--help'].join(' ')} shows how to use it.`,
  });
}

/** Where an error says nothing better. */
const FALLBACK_HINTS: Partial<Record<ErrorCode, string>> = {
  invalid_input: 'Change what you typed; --help shows what is taken.',
  not_found: 'coffee-roadmap status shows what there is.',
  conflict: 'Look at it again, then decide.',
};

function explain(failure: AppError, context: Context): string {
  const { red, dim } = painters(context);
  const message = limitWords(failure.cause) ?? failure.message;
  const hint =
    failure.hint ?? FALLBACK_HINTS[failure.code] ?? 'coffee-roadmap doctor looks for the cause.';
  return `${red('error:')} ${stripEscapes(message)}\n${dim('hint:')}  ${nameInHint(stripEscapes(hint), context.command)}\n${stackOf(failure, context)}`;
}

/** Colours need the configuration, and that may be what is broken. */
function painters(context: Context) {
  try {
    return context.errorColours();
  } catch {
    const plain = (text: string): string => text;
    return { red: plain, dim: plain };
  }
}

function stackOf(failure: AppError, context: Context): string {
  try {
    if (context.config().env.settings.debug === undefined) return '';
  } catch {
    return '';
  }
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return `${stripEscapes(cause.stack ?? '', { multiline: true })}\n`;
}
