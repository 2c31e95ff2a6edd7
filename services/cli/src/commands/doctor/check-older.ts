import { findFlowForge } from '@coffee-roadmap/shared/move-ins/flowforge/find-files';
import type { MoveBatch } from '@coffee-roadmap/shared/move-ins/queries';
import { stripEscapes } from '../../terminal/strip-escapes';
import type { Finding } from './finding';

/** How to bring what FlowForge recorded here; undefined where it recorded nothing in this project. */
export function howToMoveFlowForge(cwd: string): string | undefined {
  const folder = findFlowForge(cwd);
  if (folder === undefined) return undefined;
  const shown = stripEscapes(folder);
  return `coffee-roadmap move-in flowforge ${/^[\w./@-]+$/.test(shown) ? shown : `'${shown}'`}`;
}

/** Times of an older system in the project that this is run in. `batches`: what was moved in. */
export function checkOlder(cwd: string, batches: readonly MoveBatch[]): Finding[] {
  const folder = findFlowForge(cwd);
  if (folder === undefined) return [];
  const hint = howToMoveFlowForge(cwd)!;
  const check = 'flowforge';
  const moved = batches.findLast(
    ({ kind, source, rolled_back_at }) =>
      kind === 'flowforge' && rolled_back_at === null && `${source}/`.startsWith(`${folder}/`),
  );
  if (moved === undefined)
    return [{ check, state: 'warn', message: 'its times of this project are not here', hint }];
  const day = moved.moved_at.toISOString().slice(0, 10);
  return [{ check, state: 'ok', message: `moved in as batch ${moved.id} on ${day}` }];
}
