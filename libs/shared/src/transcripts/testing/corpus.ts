import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { throwDice, type Dice } from './dice';
import { addInvalidLine, addOddLine, addProgressLine } from './odd-lines';
import { copyLines, rewriteLines } from './replay';
import { agentAnswers, personWrites, type Scene } from './session';
import { QUIRKY, type Quirks } from './usage';

export interface CorpusOptions {
  seed: number;
  /** Sessions that people began; sub-agents and forks come on top. */
  sessions?: number;
  /** API messages of a session, at most. */
  messages?: number;
  quirks?: Quirks;
  /** The first moment; sessions lie within `days` after it. */
  start?: Date;
  days?: number;
  /** Characters of a tool's output, half of them shorter. */
  outputSize?: number;
}

/** Content by path below a config folder: `projects/<slug>/<session>.jsonl`. */
export type Corpus = Map<string, Buffer>;

const MODELS = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5'];

/** The same options give the same bytes. */
export function makeCorpus(options: CorpusOptions): Corpus {
  const dice = throwDice(options.seed);
  const corpus: Corpus = new Map();
  for (let i = 0; i < (options.sessions ?? 4); i += 1) addSession(corpus, dice, options);
  return corpus;
}

export function writeCorpus(folder: string, corpus: Corpus): void {
  for (const [name, content] of corpus) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

export function beginScene(dice: Dice, options: CorpusOptions): Scene {
  const start = (options.start ?? new Date('2026-01-01T00:00:00Z')).getTime();
  const days = options.days ?? 20;
  const cwd = `/home/ada/src/${dice.pick(['shop', 'web.site', 'api', 'naïve'])}`;
  return {
    dice,
    quirks: options.quirks ?? QUIRKY,
    sessionId: dice.uuid(),
    isSidechain: false,
    cwd,
    branch: dice.pick(['main', 'feature/phrases', 'roadmap/2-hello']),
    version: dice.pick(['1.0.88', '2.0.31', '2.1.197']),
    model: dice.pick(MODELS),
    clock: start + dice.below(days * 86_400_000),
    outputSize: options.outputSize ?? 600,
    parent: null,
    lines: [],
  };
}

export const slugOf = (cwd: string): string => cwd.replace(/[^A-Za-z0-9]/g, '-');

function addSession(corpus: Corpus, dice: Dice, options: CorpusOptions): void {
  const scene = beginScene(dice, options);
  const folder = `projects/${slugOf(scene.cwd)}`;
  converse(scene, 1 + dice.below(options.messages ?? 12));
  if (dice.chance(0.5)) addSubagent(corpus, folder, scene);
  if (dice.chance(0.3)) addFork(corpus, folder, scene);
  if (dice.chance(0.2)) scene.lines.push(...copyLines(dice, scene.lines));
  put(corpus, `${folder}/${scene.sessionId}.jsonl`, scene);
}

export function converse(scene: Scene, messages: number): void {
  const { dice, quirks } = scene;
  personWrites(scene);
  for (let i = 0; i < messages; i += 1) {
    agentAnswers(scene);
    if (dice.chance(0.2)) personWrites(scene);
    if (dice.chance(quirks.oddLines)) addOddLine(scene);
    if (dice.chance(quirks.oddLines)) addProgressLine(scene);
    if (dice.chance(quirks.invalidLines)) addInvalidLine(scene);
  }
}

/** In one of the three places where sub-agents have been written over the years. */
function addSubagent(corpus: Corpus, folder: string, parent: Scene): void {
  const { dice } = parent;
  const agentId = dice.hex(8);
  const inline: Scene = { ...parent, isSidechain: true };
  const place = dice.below(3);
  if (place === 0) return converse(inline, 2); // among the lines of its parent
  const scene: Scene = { ...inline, agentId, lines: [], parent: null };
  converse(scene, 1 + dice.below(4));
  if (place === 1) return put(corpus, `${folder}/agent-${agentId}.jsonl`, scene);
  put(corpus, `${folder}/${parent.sessionId}/subagents/agent-${agentId}.jsonl`, scene);
}

/** A new file that begins with lines of another one, as they were or as a side question repeats them. */
function addFork(corpus: Corpus, folder: string, from: Scene): void {
  const { dice } = from;
  const sessionId = dice.uuid();
  const aside = dice.chance(0.4);
  const lines = rewriteLines(dice, from.lines, { sessionId, aside });
  const scene: Scene = { ...from, sessionId, isSidechain: aside, lines };
  if (dice.chance(0.7)) converse(scene, 2);
  put(corpus, `${folder}/${sessionId}.jsonl`, scene);
}

function put(corpus: Corpus, name: string, { dice, quirks, lines }: Scene): void {
  const whole = Buffer.from(`${lines.join('\n')}\n`);
  const torn = dice.chance(quirks.tornEnd);
  corpus.set(name, torn ? whole.subarray(0, whole.length - 2 - dice.below(80)) : whole);
}
