import type { Session } from '../db/session';
import type { Span } from '../time/intervals/interval';
import type { Stream } from '../time/queries';
import { projectOfFolder, type Matched, type ProjectLink } from './match-links';
import { loadModelUse } from './queries';
import type { ModelUse } from './summarise';

export interface FolderFacts {
  readonly links: readonly ProjectLink[];
  readonly streams: readonly Stream[];
  readonly matched: Matched;
}

/**
 * What models were used for in each project, for each span in turn. A folder is its linked folder's
 * project's, else that of the stream that works in it.
 */
export async function modelsBySpan(
  own: Session<'person'>,
  { links, streams, matched }: FolderFacts,
  spans: readonly Span[],
): Promise<ModelUse[][]> {
  const byFolder = new Map<string, Set<string>>();
  for (const stream of streams) {
    const project = matched.projects.get(stream.id);
    if (project === undefined) continue;
    for (const folder of stream.folders) {
      byFolder.set(folder, (byFolder.get(folder) ?? new Set()).add(project));
    }
  }
  const projectOf = (folder: string): string | undefined => {
    const streamProjects = [...(byFolder.get(folder) ?? [])];
    const streamed = streamProjects.length === 1 ? streamProjects[0] : undefined;
    return projectOfFolder(folder, links) ?? streamed;
  };
  return (await loadModelUse(own, spans)).map((found) => {
    const sums = new Map<string, ModelUse>();
    for (const { folder, ...use } of found) {
      const project = projectOf(folder);
      if (project === undefined) continue;
      const key = `${project} ${use.model}`;
      sums.set(key, added(sums.get(key), { project, ...use }));
    }
    return [...sums.values()];
  });
}

function added(a: ModelUse | undefined, b: ModelUse): ModelUse {
  if (a === undefined) return b;
  return {
    ...b,
    input_tokens: a.input_tokens + b.input_tokens,
    output_tokens: a.output_tokens + b.output_tokens,
    cache_read_tokens: a.cache_read_tokens + b.cache_read_tokens,
    cache_write_tokens: a.cache_write_tokens + b.cache_write_tokens,
    cost_nanos: a.cost_nanos + b.cost_nanos,
    unpriced_calls: a.unpriced_calls + b.unpriced_calls,
  };
}
