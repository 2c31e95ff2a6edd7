import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { builtPrograms } from './built-programs';
import { until } from './until';
import { asVariables } from './variables';

/** The real bot, as users run it: the built program in a process of its own. */
export interface SlackbotProgram {
  readonly lines: string[];
  readonly healthFile: string;
  /** Resolves with what ended it. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  said(pattern: RegExp): Promise<void>;
  /** Exit code of its health check. */
  health(): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

export interface SlackbotBuild {
  /** Settings in small letters, without their prefix; others are variables as they are. */
  start(home: string, settings: Record<string, string>): SlackbotProgram;
}

export function buildSlackbot(): SlackbotBuild {
  const file = path.join(builtPrograms(), 'slackbot.js');
  return { start: (home, settings) => start(file, home, settings) };
}

function start(file: string, home: string, settings: Record<string, string>): SlackbotProgram {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    ...asVariables('COFFEE_ROADMAP_', settings),
  };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    lines,
    ended,
    healthFile: path.join(home, '.local/state/coffee-roadmap/slackbot-health.json'),
    async said(pattern) {
      await until(`${pattern.source} in\n${lines.join('\n')}`, () =>
        lines.some((line) => pattern.test(line)),
      );
    },
    health: () =>
      // Not spawnSync: meanwhile the loopback Slack has to answer the bot's pings.
      new Promise((resolve) => {
        spawn(process.execPath, [file, 'health'], { env, stdio: 'ignore' }).once('exit', resolve);
      }),
    kill: (signal) => child.kill(signal),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(force);
    },
  };
}
