/**
 * Remembers under which key a question was asked until its answer was handed over, so that a server
 * that was killed in between finds it again when the agent repeats the question, and a question that
 * is asked anew later is another one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { stableJson } from '../agents/question-keys';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';

export interface OpenQuestion {
  key: string;
  /** The answer was handed over, or nobody waits for it any more. */
  forget(): void;
}

/** `content`: all that makes it this question. `maxAgeMs`: an older one is not taken up again. */
export function openQuestion(paths: Paths, content: unknown, maxAgeMs: number): OpenQuestion {
  const hash = createHash('sha256').update(stableJson(content)).digest('hex').slice(0, 32);
  const file = path.join(paths.state, 'agent-questions', `${hash}.json`);
  const forget = (): void => rmSync(file, { force: true });
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const open = age < maxAgeMs ? readPrivateJson<{ key?: string }>(file)?.key : undefined;
  const key = open ?? `mcp:${hash}:${randomUUID()}`;
  if (open === undefined) writePrivateJson(file, { key });
  return { key, forget };
}
