import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Tokens by day and model, as both programs can say them. */
export type Tokens = Record<string, number[]>;

interface Daily {
  daily: {
    date: string;
    modelBreakdowns: {
      modelName: string;
      inputTokens: number;
      outputTokens: number;
      cacheCreationTokens: number;
      cacheReadTokens: number;
    }[];
  }[];
}

/** The native program; undefined where its package is not installed, as on other platforms. */
export function findCcusage(): string | undefined {
  try {
    const name = `@ccusage/ccusage-${process.platform}-${process.arch}`;
    const manifest = createRequire(__filename).resolve(`${name}/package.json`);
    const program = path.join(path.dirname(manifest), 'bin', 'ccusage');
    makeExecutable(program);
    return program;
  } catch {
    return undefined;
  }
}

/** The package brings its program without the right to run it; its launcher gives it when first used. */
function makeExecutable(program: string): void {
  try {
    accessSync(program, constants.X_OK);
  } catch {
    chmodSync(program, 0o755);
  }
}

function ask(program: string, what: string[], env: Record<string, string>): unknown {
  const { status, stdout, stderr } = spawnSync(
    program,
    [...what, '--json', '--offline', '-z', 'UTC'],
    { encoding: 'utf8', maxBuffer: 64 << 20, env: { PATH: process.env.PATH, ...env } },
  );
  if (status !== 0) throw new Error(`ccusage ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** When its five-hour blocks begin, and the calls in each; the pauses between them left out. */
export function blocksOfCcusage(program: string, home: string): [string, number][] {
  const { blocks } = ask(program, ['blocks'], { HOME: home }) as {
    blocks: { startTime: string; entries: number; isGap: boolean }[];
  };
  return blocks
    .filter(({ isGap }) => !isGap)
    .map(({ startTime, entries }) => [new Date(startTime).toISOString(), entries]);
}

/** What it counts in these config folders, by UTC day and model. */
export function countWithCcusage(program: string, folders: string[], home: string): Tokens {
  const env = { HOME: home, CLAUDE_CONFIG_DIR: folders.join(',') };
  const { daily } = ask(program, ['claude', 'daily'], env) as Daily;
  const tokens: Tokens = {};
  for (const { date, modelBreakdowns } of daily)
    for (const part of modelBreakdowns) {
      // Fast mode is a model of its own there; here it is a column.
      const key = `${date} ${part.modelName.replace(/-fast$/, '')}`;
      const found = [
        part.inputTokens,
        part.outputTokens,
        part.cacheCreationTokens,
        part.cacheReadTokens,
      ];
      tokens[key] = found.map((value, i) => value + (tokens[key]?.[i] ?? 0));
    }
  return tokens;
}
