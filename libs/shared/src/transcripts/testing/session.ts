import type { Dice } from './dice';
import { prose, toolOutput } from './prose';
import { makeUsage, type Quirks } from './usage';

/** Where a transcript's lines come from: everything that stands in each of them. */
export interface Scene {
  dice: Dice;
  quirks: Quirks;
  sessionId: string;
  /** Lines of a sub-agent carry it. */
  agentId?: string;
  isSidechain: boolean;
  cwd: string;
  branch: string;
  version: string;
  model: string;
  /** Milliseconds since 1970; goes on as lines are written. */
  clock: number;
  /** Characters of a tool's output, half of them shorter. */
  outputSize: number;
  parent: string | null;
  lines: string[];
}

const TOOLS = ['Read', 'Bash', 'Edit', 'Grep', 'Write', 'Task', 'mcp__coffee__ask'];

/** A person types something: text, or text with an image. */
export function personWrites(scene: Scene): void {
  const { dice } = scene;
  const text = prose(dice, 20 + dice.below(200));
  const content = dice.chance(0.1) ? [{ type: 'text', text }] : text;
  addLine(scene, { type: 'user', message: { role: 'user', content } }, 20_000);
}

/** One API message, one line a block, each with the usage so far; then what its tools gave back. */
export function agentAnswers(scene: Scene): void {
  const { dice, quirks } = scene;
  const id = dice.chance(quirks.noMessageId) ? undefined : `msg_01${dice.hex(22)}`;
  const requestId = dice.chance(quirks.noRequestId) ? undefined : `req_011C${dice.hex(20)}`;
  const usage = makeUsage(dice, quirks);
  const blocks = contentBlocks(scene);
  const extra = dice.chance(quirks.loggedCost) ? { costUSD: dice.below(90_000) / 1_000_000 } : {};
  const grows = dice.chance(0.3);
  const model = dice.chance(quirks.synthetic) ? '<synthetic>' : scene.model;
  for (const [i, block] of blocks.entries()) {
    const last = i === blocks.length - 1;
    const message = {
      model,
      id,
      type: 'message',
      role: 'assistant',
      content: [block],
      stop_reason: last ? 'end_turn' : null,
      stop_sequence: null,
      usage: last || !grows ? usage : { ...usage, output_tokens: 1 + dice.below(9) },
    };
    addLine(scene, { message, requestId, type: 'assistant', ...extra }, 900);
  }
  for (const block of blocks) if (block.type === 'tool_use') toolAnswers(scene, block.id);
}

type Block = { type: string; id?: string } & Record<string, unknown>;

function contentBlocks({ dice, outputSize }: Scene): Block[] {
  const blocks: Block[] = [];
  if (dice.chance(0.3)) {
    const thinking = prose(dice, 50 + dice.below(400));
    blocks.push({ type: 'thinking', thinking, signature: dice.hex(200 + dice.below(200)) });
  }
  if (dice.chance(0.5)) blocks.push({ type: 'text', text: prose(dice, 20 + dice.below(500)) });
  const uses = dice.chance(0.7) || blocks.length === 0 ? 1 + Number(dice.chance(0.15)) : 0;
  for (let i = 0; i < uses; i += 1) {
    const name = dice.pick(TOOLS);
    const text = name === 'Write' ? toolOutput(dice, dice.below(outputSize * 2)) : prose(dice, 80);
    const input = { file_path: `/home/ada/${dice.hex(6)}.ts`, content: text, nested: { id: 'x' } };
    blocks.push({ type: 'tool_use', id: `toolu_01${dice.hex(22)}`, name, input });
  }
  return blocks;
}

function toolAnswers(scene: Scene, toolUseId: string | undefined): void {
  const { dice } = scene;
  const content = toolOutput(dice, Math.floor(scene.outputSize * 2 * dice.next() * dice.next()));
  addLine(
    scene,
    {
      type: 'user',
      message: {
        role: 'user',
        content: [{ tool_use_id: toolUseId, type: 'tool_result', content, is_error: false }],
      },
    },
    3_000,
    // Whatever a tool likes: also what looks like a line of ours.
    { toolUseResult: { stdout: content, type: 'text', message: { usage: { input_tokens: 7 } } } },
  );
}

/** Adds one line as Claude Code writes it, `pauseMs` at most after the one before. */
export function addLine(scene: Scene, inner: object, pauseMs: number, behind: object = {}): void {
  const { dice } = scene;
  scene.clock += 1 + dice.below(pauseMs);
  const uuid = dice.uuid();
  const line = {
    parentUuid: scene.parent,
    isSidechain: scene.isSidechain,
    userType: 'external',
    cwd: scene.cwd,
    sessionId: scene.sessionId,
    version: scene.version,
    gitBranch: scene.branch,
    ...(scene.agentId === undefined ? {} : { agentId: scene.agentId }),
    ...inner,
    uuid,
    timestamp: new Date(scene.clock).toISOString(),
    ...behind,
  };
  scene.parent = uuid;
  scene.lines.push(JSON.stringify(line));
}
