import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Paths } from '../../config/paths';
import { ensureIdentity, type MachineIdentity } from '../../machines/identity';
import { DEFAULT_PATTERNS, type PhrasePattern } from '../../phrases/patterns';
import { listSegments } from '../../spool/segments';
import { Collector } from '../collect/collect';
import { writeCorpus, type Corpus } from './corpus';

/** A machine of its own, with transcripts and a spool in a folder that goes again. */
export interface Workstation {
  home: string;
  paths: Paths;
  identity: MachineIdentity;
  /** Transcripts lie below `projects` of it. */
  claude: string;
  write(corpus: Corpus): void;
  collector(patterns?: readonly PhrasePattern[]): Collector;
  /** Every line of the spool. */
  spooled(): string[];
  remove(): void;
}

export function makeWorkstation(label = 'devbox'): Workstation {
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee workstation '));
  const folder = (name: string): string => path.join(home, name, 'coffee-roadmap');
  const paths = { config: folder('config'), data: folder('data'), state: folder('state') };
  const claude = path.join(home, '.claude');
  const projects = path.join(claude, 'projects');
  mkdirSync(projects, { recursive: true });
  const { identity } = ensureIdentity(paths, { label, fallback: () => label });
  return {
    home,
    paths,
    identity,
    claude,
    write: (corpus) => writeCorpus(claude, corpus),
    collector: (patterns = DEFAULT_PATTERNS) =>
      new Collector({ paths, identity, roots: () => [projects], patterns, threads: 1 }),
    spooled: () =>
      listSegments(paths).flatMap(({ file }) =>
        readFileSync(file, 'utf8').split('\n').slice(0, -1),
      ),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
