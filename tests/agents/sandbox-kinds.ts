/** The ways in which a sandbox can be open on this machine, for `describe`. */
import { bubblewrapWorks, isRoot } from './daemon-runs';

export interface SandboxCase {
  title: string;
  kind: 'uid' | 'bubblewrap' | 'none';
  /** The daemon runs as root. */
  privileged: boolean;
  bubblewrap: boolean;
  works: boolean;
}

export function sandboxCases(): SandboxCase[] {
  const wraps = bubblewrapWorks();
  const cases: SandboxCase[] = [
    { title: 'another uid', kind: 'uid', privileged: true, bubblewrap: false, works: isRoot },
    {
      title: 'another uid in bubblewrap',
      kind: 'uid',
      privileged: true,
      bubblewrap: true,
      works: isRoot && wraps,
    },
    {
      title: 'bubblewrap of an ordinary user',
      kind: 'bubblewrap',
      privileged: false,
      bubblewrap: true,
      works: wraps,
    },
    { title: 'no sandbox', kind: 'none', privileged: false, bubblewrap: false, works: true },
  ];
  return cases.map((one) =>
    one.works ? one : { ...one, title: `${one.title} (skipped: it cannot run here)` },
  );
}
