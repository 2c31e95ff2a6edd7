import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { AppError, ERROR_CODES, type ErrorCode } from '@coffee-roadmap/shared/errors';
import { CommanderError, type Command } from 'commander';
import { nameInHint } from './called-as';
import { callOf, checkVerbs, helpAsOption, pathIn } from './check-verbs';
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
  typed: string[],
): Promise<number> {
  const { stdout } = context.streams;
  const args = helpAsOption(program, typed);
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
    const failure =
      error instanceof CommanderError ? usageError(error, program, args) : toAppError(error);
    context.streams.stderr.write(explain(failure, context));
    return ERROR_CODES[failure.code];
  }
}

function usageError(error: CommanderError, program: Command, args: string[]): AppError {
  const [message = '', guess] = error.message.replace(/^error: /, '').split('\n');
  const path = pathIn(program, args);
  const isQuoteMissing =
    error.code === 'commander.excessArguments' && path.at(-1)?.registeredArguments.length !== 0;
  return new AppError('invalid_input', inWords(message), {
    hint: [
      ...(guess === undefined ? [] : [guess.replace(/^\(|\)$/g, '')]),
      ...(isQuoteMissing ? ['What belongs together is put in quotes.'] : []),
      `${callOf(path)} --help shows how to use it.`,
    ].join(' '),
  });
}

const inWords = (message: string): string =>
  message
    .replace(/^command-argument value '(.*)' is invalid for argument '(.*)'\./, "'$1' is no $2.")
    .replace(/\.$/, '');

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
