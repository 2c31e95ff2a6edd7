import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { blocksOf } from '@coffee-roadmap/shared/usage/blocks';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { blocksOfCcusage, findCcusage } from '../support/ccusage';
import { SEED } from '../fuzz/rounds';

const program = findCcusage();
const LONGEST_PAUSE = 10 * 3_600_000;

(program === undefined ? it.skip : it)('begins blocks of five hours where ccusage does', () => {
  const dice = throwDice(SEED);
  let at = Date.parse('2026-05-01T03:17:00Z');
  const calls = Array.from({ length: 300 }, (_, n) => {
    at += Math.floor((dice.below(1000) / 1000) ** 3 * LONGEST_PAUSE); // often short, seldom long
    return { id: `m${n}`, at: new Date(at), model: 'claude-haiku-4-5' };
  });
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee blocks '));
  try {
    const folder = path.join(home, '.claude', 'projects', 'p');
    mkdirSync(folder, { recursive: true });
    const lines = calls.map(({ id, at: time, model }) =>
      JSON.stringify({
        type: 'assistant',
        sessionId: 's',
        uuid: `u-${id}`,
        version: '2.1.197',
        timestamp: time.toISOString(),
        requestId: `r-${id}`,
        message: { id, model, usage: { input_tokens: 1, output_tokens: 2 } },
      }),
    );
    writeFileSync(path.join(folder, 's.jsonl'), `${lines.join('\n')}\n`);
    const timed = calls.map((call) => ({
      ...call,
      tokens: 3,
      input_tokens: 1,
      output_tokens: 2,
      cost_nanos: null,
    }));
    const ours = blocksOf(timed).map(({ startedAt, calls: within }) => [
      startedAt.toISOString(),
      within.length,
    ]);
    expect(ours.length).toBeGreaterThan(20);
    expect({ seed: SEED, blocks: ours }).toEqual({
      seed: SEED,
      blocks: blocksOfCcusage(program!, home),
    });
  } finally {
    rmSync(home, { recursive: true });
  }
});
