import {
  loadConfig,
  requireDatabase,
  requireOwnDatabase,
  type Config,
} from '@coffee-roadmap/shared/config/config';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { PROGRAM } from './called-as';
import { createOutput, type Output } from './output';
import { coloursFor, type Colours } from './terminal/colour';
import { startProgress } from './terminal/progress';
import { createPrompt, type Prompt } from './terminal/prompt';

/** The three streams of a process. */
export interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** What every command has. */
export interface CommonOptions {
  json?: boolean;
  /** Do not ask. */
  yes?: boolean;
}

export interface Context {
  readonly streams: Streams;
  /** What a person types to call this program: `npx coffee-roadmap`, or less where it is linked. */
  readonly command: string;
  /** Read at the first use, so that --help works with a broken configuration. */
  config(): Config;
  output(options: CommonOptions): Output;
  prompt(options: CommonOptions): Prompt;
  /** Colours for stderr. */
  errorColours(): Colours;
}

export function createContext(streams: Streams, command = PROGRAM): Context {
  let config: Config | undefined;
  const loaded = (): Config => (config ??= loadConfig());
  const colours = (stream: NodeJS.WriteStream): Colours =>
    coloursFor(stream, { NO_COLOR: loaded().env.noColour ? '1' : undefined });
  return {
    streams,
    command,
    config: loaded,
    output: ({ json }) =>
      createOutput(streams, { json: json === true, colours: colours(streams.stdout), command }),
    prompt: ({ yes }) =>
      createPrompt({ input: streams.stdin, output: streams.stderr }, { yes: yes === true }),
    errorColours: () => colours(streams.stderr),
  };
}

type Work = (session: Session<'person'>, out: Output) => Promise<void>;

/** Runs `work` as the person whose login is configured, in the team's database; closes the session after it. */
export async function withSession(
  context: Context,
  options: CommonOptions,
  work: Work,
): Promise<void> {
  return runIn(context, requireDatabase(context.config()), options, work);
}

/** The same in the person's own database, which holds what is nobody else's business. */
export async function withOwnSession(
  context: Context,
  options: CommonOptions,
  work: Work,
): Promise<void> {
  return runIn(context, requireOwnDatabase(context.config()), options, work);
}

async function runIn(
  context: Context,
  url: string,
  options: CommonOptions,
  work: Work,
): Promise<void> {
  const out = context.output(options);
  const progress = startProgress(context.streams.stderr, 'connecting to the database');
  const session = await openSession(url, 'person').finally(() => progress.stop());
  try {
    await work(session, out);
  } finally {
    await session.close();
  }
}
