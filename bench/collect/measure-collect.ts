import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { median } from '../figures/statistics';
import { atMost, above, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { makeTree } from './make-tree';
import { measureWatch } from './measure-watch';
import { runMeasured, type Measured } from './run-measured';
import { tokensOfCcusage, tokensOfSpool } from './tokens';

const SIZE = { bytes: 700_000_000, files: 1_000, seed: 1 };
const MOST_MB = 120;
const PROGRAM = 'services/cli/bin/coffee-roadmap.cjs';
const CCUSAGE = 'node_modules/@ccusage/ccusage-linux-x64/bin/ccusage';

/**
 * Our collector beside ccusage's native program on the same tree: everything from the beginning, then
 * after one more line. Ours writes records of usage, phrases, tools and sessions to disk, and syncs
 * them; ccusage adds up the usage. Tokens have to agree.
 */
export async function measureCollect(_: BenchServer, rounds: number): Promise<Report> {
  if (!existsSync(path.join(projectRoot(), CCUSAGE)))
    throw new Error('ccusage is not installed: an optional package, Linux on x64 alone');
  chmodSync(path.join(projectRoot(), CCUSAGE), 0o755); // its package brings it without that
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-bench-collect-'));
  try {
    const tree = path.join(folder, 'claude');
    const last = makeTree(tree, SIZE);
    const sides = createSides(folder, tree);
    await sides.ours('warm-up'); // the files come into memory
    const found: Record<
      'coldOurs' | 'coldTheirs' | 'warmOurs' | 'warmTheirs' | 'node',
      Measured[]
    > = { coldOurs: [], coldTheirs: [], warmOurs: [], warmTheirs: [], node: [] };
    for (let round = 0; round < rounds; round += 1) {
      const home = `round-${round}`;
      found.coldOurs.push(await sides.ours(home));
      found.coldTheirs.push(await sides.theirs());
      appendFileSync(last, oneMoreLine(`more_${round}`));
      found.warmOurs.push(await sides.ours(home));
      found.warmTheirs.push(await sides.theirs());
      found.node.push(await sides.nothing());
      await compareTokens(sides, home, found.warmTheirs.at(-1)!);
      rmSync(path.join(folder, home), { recursive: true });
    }
    return report(rounds, found, await sides.watch('watched', last));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createSides(folder: string, tree: string) {
  const program = path.join(projectRoot(), PROGRAM);
  const env = (home: string): Record<string, string> => ({
    PATH: process.env.PATH ?? '',
    HOME: path.join(folder, home),
    CLAUDE_CONFIG_DIR: tree,
  });
  const node = (home: string, args: string[]): Promise<Measured> =>
    runMeasured([process.execPath, ...args], env(home));
  return {
    async ours(home: string): Promise<Measured> {
      if (!existsSync(path.join(folder, home))) await node(home, [program, 'init']);
      return node(home, [program, 'collect', '--json']);
    },
    theirs: () =>
      runMeasured(
        [path.join(projectRoot(), CCUSAGE), ...'claude daily --json --offline -z UTC'.split(' ')],
        env('ccusage'),
      ),
    async watch(home: string, transcript: string): Promise<number[]> {
      await this.ours(home);
      return measureWatch({
        command: [process.execPath, program, 'collect', '--watch'],
        env: env(home),
        spool: path.join(folder, home, '.local', 'share', 'coffee-roadmap', 'spool'),
        transcript,
        lineOf: (n) => ({ text: oneMoreLine(`live_${n}`), id: `msg_live_${n}` }),
      });
    },
    export: (home: string) => node(home, [program, 'export', '--no-collect']),
    nothing: () => node('nobody', ['-e', '0']),
  };
}

function oneMoreLine(name: string): string {
  const usage = { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 3 };
  const message = { id: `msg_${name}`, model: 'claude-haiku-4-5', role: 'assistant', usage };
  const timestamp = '2026-06-01T00:00:00.000Z';
  const line = { type: 'assistant', sessionId: 's', uuid: `u_${name}`, timestamp, message };
  return `${JSON.stringify(line)}\n`;
}

async function compareTokens(
  sides: ReturnType<typeof createSides>,
  home: string,
  theirs: Measured,
): Promise<void> {
  const ours = tokensOfSpool((await sides.export(home)).stdout);
  const wanted = tokensOfCcusage(theirs.stdout);
  if (JSON.stringify(ours) !== JSON.stringify(wanted))
    throw new Error(`tokens differ: ${JSON.stringify({ ours, ccusage: wanted })}`);
}

function report(rounds: number, found: Record<string, Measured[]>, watched: number[]): Report {
  const of = (name: string, key: 'wallMs' | 'peakMb' | 'cpuMs'): number =>
    median(found[name]!.map((one) => one[key]));
  const peak = Math.max(...found.coldOurs!.map(({ peakMb }) => peakMb));
  const row = (title: string, name: string): string[] => [
    title,
    whole(of(name, 'wallMs')),
    whole(of(name, 'cpuMs')),
    whole(of(name, 'peakMb')),
  ];
  return {
    name: 'collect',
    title: `Collecting ${SIZE.bytes / 1e6} MB of transcripts in ${whole(SIZE.files)} files`,
    columns: ['', 'wall ms', 'CPU ms', 'peak MB'],
    rows: [
      row('ours, everything', 'coldOurs'),
      row('ccusage, everything', 'coldTheirs'),
      row('ours, one more line', 'warmOurs'),
      row('ccusage, one more line', 'warmTheirs'),
      row('node -e 0', 'node'),
    ],
    ratios: [
      atMost(
        'everything: our wall ÷ ccusage’s',
        of('coldOurs', 'wallMs') / of('coldTheirs', 'wallMs'),
        0.33,
      ),
      {
        what: 'everything: our CPU ÷ ccusage’s',
        value: of('coldOurs', 'cpuMs') / of('coldTheirs', 'cpuMs'),
      },
      atMost(`everything: our peak ÷ ${MOST_MB} MB`, peak / MOST_MB, 1),
      above(
        'one more line: ccusage’s wall ÷ ours',
        of('warmTheirs', 'wallMs') / of('warmOurs', 'wallMs'),
        50,
      ),
      {
        what: 'one more line: ours ÷ an empty node',
        value: of('warmOurs', 'wallMs') / of('node', 'wallMs'),
      },
      atMost('watched: a line until it is in the spool ÷ 1 s', median(watched) / 1000, 1),
      atMost('watched: the slowest of them ÷ 1 s', Math.max(...watched) / 1000, 1),
    ],
    rounds,
    figures: {
      ...Object.fromEntries(
        Object.entries(found).map(([name, runs]) => [
          name,
          runs.map(({ wallMs, cpuMs, peakMb }) => ({
            wall_ms: wallMs,
            cpu_ms: cpuMs,
            peak_mb: peakMb,
          })),
        ]),
      ),
      watched_ms: watched,
    },
  };
}
