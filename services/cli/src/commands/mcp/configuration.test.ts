import { isAppError } from '@coffee-roadmap/shared/errors';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mutate } from '../../../../../tests/fuzz/mutate';
import { ROUNDS, SEED } from '../../../../../tests/fuzz/rounds';
import { readServers, removeServer, writeServer } from './configuration';

const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee mcp '));
afterAll(() => rmSync(folder, { recursive: true }));

const file = path.join(folder, '.mcp.json');
const entry = { type: 'stdio' as const, command: 'coffee-roadmap', args: ['mcp', 'serve'] };
const sample = JSON.stringify({
  mcpServers: { other: { type: 'stdio', command: 'x', args: ['y'], env: { A: 'b' } } },
  more: [1],
});

it('takes ours in and out of a project’s .mcp.json, and leaves one alone that it cannot read', () => {
  writeFileSync(file, sample);
  writeServer(file, entry);
  expect(Object.keys(readServers(file))).toEqual(['other', 'coffee-roadmap']);
  let [read, refused] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const seed = SEED + round;
    const text = mutate(sample, seed);
    writeFileSync(file, text);
    const given = readFileSync(file);
    try {
      writeServer(file, entry);
      expect({ seed, ours: readServers(file)['coffee-roadmap'] }).toEqual({ seed, ours: entry });
      expect({ seed, removed: removeServer(file) }).toEqual({ seed, removed: true });
      read += 1;
    } catch (error) {
      expect({ seed, own: isAppError(error), error }).toMatchObject({ seed, own: true });
      expect({ seed, same: given.equals(readFileSync(file)) }).toEqual({ seed, same: true });
      refused += 1;
    }
  }
  expect(read + refused).toBe(ROUNDS);
});
