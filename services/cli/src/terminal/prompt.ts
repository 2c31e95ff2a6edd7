import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { AppError } from '@coffee-roadmap/shared/errors';
import { readLine } from './read-input';
import type { SecretInput } from './read-secret';
import { readSecret } from './read-secret';
import { stripEscapes } from './strip-escapes';

export interface PromptStreams {
  /** stdin. */
  input: SecretInput & { isTTY?: boolean };
  /** stderr: stdout holds the result alone. */
  output: Writable & { isTTY?: boolean };
}

export interface Prompt {
  /** A line of text; `fallback` for an empty one, and with --yes without asking. */
  ask(question: string, options?: { fallback?: string }): Promise<string>;
  /** Typed unseen on a terminal, else the next line of standard input. Never empty. */
  secret(question: string): Promise<string>;
  /** Yes or no; for an empty answer `otherwise`, which is no; with --yes yes without asking. */
  confirm(question: string, options?: { otherwise?: boolean }): Promise<boolean>;
}

const cancelled = () => new AppError('failed', 'cancelled', { hint: 'Nothing was changed.' });

function questionOnTerminal({ input, output }: PromptStreams, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output, terminal: true });
    lines.once('SIGINT', () => lines.close());
    let answered = false;
    lines.once('close', () => {
      if (!answered) output.write('\n'); // what is said next begins a line
      reject(cancelled());
    });
    lines.question(question, (answer) => {
      answered = true;
      resolve(answer);
      lines.close();
    });
  });
}

/**
 * Asks the person in front of the terminal. Where there is none, ask and confirm throw
 * invalid_input, which says what to pass instead; so does secret when nothing comes.
 */
export function createPrompt(streams: PromptStreams, options: { yes: boolean }): Prompt {
  const { input, output } = streams;
  const hasTerminal = () => input.isTTY === true && output.isTTY === true;
  const question = (text: string, hint: string) => {
    const shown = stripEscapes(text, { multiline: true });
    if (hasTerminal()) return questionOnTerminal(streams, `${shown} `);
    const message = `there is no terminal to ask: ${stripEscapes(text)}`;
    return Promise.reject(new AppError('invalid_input', message, { hint }));
  };

  return {
    async ask(text, { fallback } = {}) {
      if (options.yes && fallback !== undefined) return fallback;
      const shown = fallback === undefined ? text : `${text} [${fallback}]:`;
      const answer = await question(shown, 'Pass it as an argument; --help shows how.');
      return answer.trim() === '' && fallback !== undefined ? fallback : answer.trim();
    },

    async secret(text) {
      let secret: string | undefined;
      if (input.isTTY === true) {
        output.write(`${stripEscapes(text)} `);
        secret = await readSecret(input);
        output.write('\n');
        if (secret === undefined) throw cancelled();
      } else {
        secret = await readLine(input);
      }
      if (secret !== undefined && secret !== '') return secret;
      throw new AppError(
        'invalid_input',
        `nothing came for: ${stripEscapes(text).replace(/(?: \(not shown\))?:$/, '')}`,
        {
          hint: 'Type it, or pipe it to standard input.',
        },
      );
    },

    async confirm(text, { otherwise = false } = {}) {
      if (options.yes) return true;
      for (;;) {
        const choice = otherwise ? '[Y/n]' : '[y/N]';
        const answer = await question(`${text} ${choice}`, 'Repeat the command with --yes.');
        if (answer.trim() === '') return otherwise;
        if (/^\s*(?:n|no)\s*$/i.test(answer)) return false;
        if (/^\s*(?:y|yes)\s*$/i.test(answer)) return true;
      }
    },
  };
}
