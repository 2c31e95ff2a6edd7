import path from 'node:path';

export type LinkKind = 'folder' | 'remote' | 'tag' | 'stream';

/** What a person said belongs to a project. */
export interface ProjectLink {
  readonly kind: LinkKind;
  /** An absolute folder, `host/path` of a remote, a tag, or a stream's id. */
  readonly value: string;
  readonly project_id: string;
}

/** What of a stream links can name. */
export interface LinkedStream {
  readonly id: string;
  readonly remote: string | null;
  readonly folders: readonly string[];
  readonly tags: readonly string[];
}

export interface Matched {
  /** The project of each stream that has one. */
  readonly projects: ReadonlyMap<string, string>;
  /** Streams that links give to several projects: published to none. */
  readonly ambiguous: readonly string[];
}

/**
 * Which project each stream belongs to. The stream itself goes before its tags, tags before its remote,
 * the remote before its folders; of folders the deepest that is linked. Where what counts names two
 * projects, none: nothing is billed twice, and nothing by guess.
 */
export function matchStreams(
  streams: readonly LinkedStream[],
  links: readonly ProjectLink[],
): Matched {
  const projects = new Map<string, string>();
  const ambiguous: string[] = [];
  for (const stream of streams) {
    const [project, other] = projectsOf(stream, links);
    if (other !== undefined) ambiguous.push(stream.id);
    else if (project !== undefined) projects.set(stream.id, project);
  }
  return { projects, ambiguous };
}

/** The project of a folder by the deepest linked folder above it, itself included. */
export function projectOfFolder(folder: string, links: readonly ProjectLink[]): string | undefined {
  let deepest: ProjectLink | undefined;
  for (const link of links) {
    if (link.kind !== 'folder' || !isWithin(folder, link.value)) continue;
    if (deepest === undefined || link.value.length > deepest.value.length) deepest = link;
  }
  return deepest?.project_id;
}

function projectsOf(stream: LinkedStream, links: readonly ProjectLink[]): string[] {
  const named = (kind: LinkKind, values: readonly string[]): string[] => [
    ...new Set(
      links
        .filter((link) => link.kind === kind && values.includes(link.value))
        .map(({ project_id }) => project_id),
    ),
  ];
  const ways = [
    () => named('stream', [stream.id]),
    () => named('tag', stream.tags),
    () => named('remote', stream.remote === null ? [] : [stream.remote]),
    () => [...new Set(stream.folders.flatMap((folder) => projectOfFolder(folder, links) ?? []))],
  ];
  for (const way of ways) {
    const found = way();
    if (found.length > 0) return found;
  }
  return [];
}

function isWithin(folder: string, parent: string): boolean {
  const relative = path.relative(parent, folder);
  return relative === '' || !(relative.startsWith('..') || path.isAbsolute(relative));
}
