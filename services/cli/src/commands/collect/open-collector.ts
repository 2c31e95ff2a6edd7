import type { Config } from '@coffee-roadmap/shared/config/config';
import { isCopied, requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { loadPatterns } from '@coffee-roadmap/shared/phrases/patterns';
import { collectHooks } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import { Collector } from '@coffee-roadmap/shared/transcripts/collect/collect';
import { asCollector } from '@coffee-roadmap/shared/transcripts/collect/collector-lock';
import type { CollectSummary } from '@coffee-roadmap/shared/transcripts/collect/summary';
import { findRoots } from '@coffee-roadmap/shared/transcripts/find-roots';
import type { Context } from '../../context';
import { startProgress } from '../../terminal/progress';
import { COPIED } from '../machine/init';

/** Made when it is this process's turn: until then another one may move the offsets. */
export function openCollector({ env, paths }: Config, threads?: number): Collector {
  const identity = requireIdentity(paths);
  const patterns = loadPatterns(paths);
  return new Collector({ paths, identity, roots: () => findRoots(env), patterns, threads });
}

/**
 * Brings the spool up to date once, with progress; undefined where another process watches, which
 * keeps it up to date by itself. Throws `not_configured` without an identity.
 */
export async function collectOnce(
  context: Context,
  options: { threads?: number; signal?: AbortSignal } = {},
): Promise<CollectSummary | undefined> {
  const config = context.config();
  const identity = requireIdentity(config.paths);
  if (isCopied(config.paths, identity)) context.streams.stderr.write(`${COPIED}\n`);
  collectHooks(config.paths, identity);
  const progress = startProgress(context.streams.stderr, 'reading transcripts');
  try {
    const turn = await asCollector(
      config.paths,
      'collect',
      () =>
        openCollector(config, options.threads).pass({
          signal: options.signal,
          onProgress: ({ bytes, of }) => {
            // On a terminal alone: elsewhere each label is a line.
            if (context.streams.stderr.isTTY && of > 0)
              progress.update(`reading transcripts, ${Math.floor((100 * bytes) / of)} %`);
          },
        }),
      options.signal,
    );
    return 'done' in turn ? turn.done : undefined;
  } finally {
    progress.stop();
  }
}
