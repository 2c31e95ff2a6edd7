/** What inference sees of an event. */
export interface PlacedEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly machine: string;
  readonly session: string | null;
  readonly folder: string | null;
  /** The repository: its remote without credentials, or its top folder. */
  readonly gitProject: string | null;
  /** The stream that its person put it in; never one that was inferred. */
  readonly assigned: string | null;
}

/** Where an event happened on its machine: in a repository, else in exactly that folder. */
export function placeOf({ gitProject, folder }: PlacedEvent): string | null {
  return gitProject ?? folder;
}

/** Folders of worktrees and branches, which say less than the folder above. */
const SAYS_LITTLE = new Set(['default', 'main', 'master', 'dev', 'feature', 'src', 'trunk']);

/** A name for a stream: the last part of a remote or path that says something. */
export function nameOfPlace(place: string): string {
  const parts = place
    .replace(/[/\\]+$/, '')
    .replace(/\.git$/, '')
    .split(/[/\\:]/)
    .filter((part) => part !== '');
  const last = parts.at(-1);
  const before = parts.at(-2);
  return (last !== undefined && SAYS_LITTLE.has(last) ? before : undefined) ?? last ?? place;
}
