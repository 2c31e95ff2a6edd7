/** A running agent program: its lines in, our messages out, held, released and stopped as a tree. */
import { messageOf } from '../errors';
import type { Sandbox, SandboxCommand } from '../sandbox/sandbox';
import type { AgentEvent, AgentOutcome, AgentRun } from './agent';
import { cleanText } from './clean-text';
import { createLineReader } from './line-reader';
import { createStepGate, type StepGate } from './step-gate';

/** What an adapter can do while its program runs. */
export interface Conversation extends StepGate {
  /** Writes one JSON line to the program. */
  say(message: object): void;
  /** Adds to what is shown as the last output. */
  remember(text: string): void;
  /** At most 4,000 characters. */
  lastOutput(): string;
  /**
   * The first outcome that is said counts. Closes the program's input and ends the program if it
   * does not go by itself within `graceMs`, default 10 s.
   */
  conclude(outcome: AgentOutcome, graceMs?: number): void;
}

/** An adapter's side of the conversation. */
export interface Dialogue {
  begin(): void;
  line(line: string): void;
  /** The outcome of a program that ended without one. */
  ended(code: number | null, signal: string | null): AgentOutcome;
}

const LAST_OUTPUT = 4_000;
const STOP_GRACE_MS = 3_000;
/** For a program that has said its result to write its files and go, in milliseconds. */
const GOODBYE_MS = 10_000;

export function runProgram(
  sandbox: Sandbox,
  command: SandboxCommand,
  onEvent: (event: AgentEvent) => void,
  createDialogue: (conversation: Conversation) => Dialogue,
): AgentRun {
  const child = sandbox.spawn(command);
  let concluded: AgentOutcome | undefined;
  let stopping: Promise<void> | undefined;
  let held = false;
  let goodbye: NodeJS.Timeout | undefined;
  let tail = '';

  const gate = createStepGate((event) => {
    if (stopping === undefined) onEvent(event);
  });
  const conversation: Conversation = {
    ...gate,
    say: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    remember: (text) => (tail = cleanText((tail + text).slice(-LAST_OUTPUT), LAST_OUTPUT)),
    lastOutput: () => tail.trim(),
    conclude(outcome, graceMs = GOODBYE_MS) {
      concluded ??= outcome;
      child.stdin.end();
      goodbye ??= setTimeout(() => void sandbox.end(child, STOP_GRACE_MS), graceMs);
    },
  };
  const dialogue = createDialogue(conversation);
  const lines = createLineReader(
    (line) => {
      if (stopping !== undefined) return;
      try {
        dialogue.line(line);
      } catch (error) {
        // It is called by the stream: thrown further, it would end the daemon with all its attempts.
        gate.step('progress', `a line of the program was left out: ${messageOf(error)}`);
      }
    },
    (limit) => gate.step('progress', `a line of more than ${limit} bytes was left out`),
  );
  child.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => conversation.remember(chunk.toString('utf8')));

  const outcome = new Promise<AgentOutcome>((resolve) => {
    child.once('error', (error) => {
      const reason = `${command.command} could not be started: ${error.message}`;
      resolve({ kind: 'failed', reason, lastOutput: '' });
    });
    child.once('close', (code, signal) => {
      clearTimeout(goodbye);
      lines.end();
      gate.flush();
      const unfinished = stopping ? ({ kind: 'stopped' } as const) : undefined;
      resolve(concluded ?? unfinished ?? dialogue.ended(code, signal));
    });
  });
  dialogue.begin();

  return {
    outcome,
    hold() {
      if (held || stopping !== undefined) return;
      held = true;
      // What stands in the pipe waits too: while it is held, nobody takes notes.
      child.stdout.pause();
      sandbox.signal(child, 'SIGSTOP');
    },
    release() {
      if (!held || stopping !== undefined) return;
      held = false;
      sandbox.signal(child, 'SIGCONT');
      child.stdout.resume();
    },
    stop() {
      stopping ??= (async () => {
        const ended = sandbox.end(child, STOP_GRACE_MS);
        // Paused, it would never be seen to have come to its end.
        child.stdout.resume();
        await ended;
        await outcome;
      })();
      return stopping;
    },
  };
}
