import { beginScene, slugOf } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { addOddLine } from '@coffee-roadmap/shared/transcripts/testing/odd-lines';
import {
  agentAnswers,
  personWrites,
  type Scene,
} from '@coffee-roadmap/shared/transcripts/testing/session';
import { PLAIN } from '@coffee-roadmap/shared/transcripts/testing/usage';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface TreeSize {
  bytes: number;
  files: number;
  seed: number;
}

const WRITE_BYTES = 1 << 20;

/**
 * A tree as Claude Code leaves it after months: half of the files are sub-agents', sizes differ by the
 * hundredfold, tools' output is most of the bytes. Returns the last file, for one more line.
 */
export function makeTree(folder: string, { bytes, files, seed }: TreeSize): string {
  const dice = throwDice(seed);
  const shares = Array.from({ length: files }, () => 0.02 + dice.next() ** 4);
  const sum = shares.reduce((all, share) => all + share, 0);
  let parent: Scene | undefined;
  let last = '';
  for (const share of shares) {
    const options = { seed, quirks: PLAIN, days: 120, outputSize: 1_500 };
    const scene = beginScene(dice, options);
    const isAgent = parent !== undefined && dice.chance(0.5);
    const place = isAgent ? { ...scene, ...subagentOf(parent!, dice.hex(8)) } : scene;
    if (!isAgent) parent = scene;
    last = path.join(folder, fileOf(place));
    writeSession(last, place, (share / sum) * bytes);
  }
  return last;
}

function subagentOf(parent: Scene, agentId: string): Partial<Scene> {
  const { sessionId, cwd, branch } = parent;
  return { sessionId, cwd, branch, agentId, isSidechain: true };
}

function fileOf({ cwd, sessionId, agentId }: Scene): string {
  const folder = path.join('projects', slugOf(cwd));
  if (agentId === undefined) return path.join(folder, `${sessionId}.jsonl`);
  return path.join(folder, sessionId, 'subagents', `agent-${agentId}.jsonl`);
}

function writeSession(file: string, scene: Scene, bytes: number): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  let written = 0;
  let part = 0;
  personWrites(scene);
  while (written + part < bytes) {
    const from = scene.lines.length;
    agentAnswers(scene);
    if (scene.dice.chance(0.1)) personWrites(scene);
    if (scene.dice.chance(0.05)) addOddLine(scene);
    for (const line of scene.lines.slice(from)) part += line.length;
    if (part < WRITE_BYTES) continue;
    written += put(file, scene);
    part = 0;
  }
  put(file, scene);
}

function put(file: string, scene: Scene): number {
  const text = `${scene.lines.join('\n')}\n`;
  appendFileSync(file, text);
  scene.lines.length = 0;
  return text.length;
}
