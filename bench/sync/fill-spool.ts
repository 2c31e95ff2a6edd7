import { ensureIdentity, type MachineIdentity } from '@coffee-roadmap/shared/machines/identity';
import { serialiseRecord } from '@coffee-roadmap/shared/records/serialise-record';
import { appendLines } from '@coffee-roadmap/shared/spool/append';
import path from 'node:path';
import { makeCall } from './make-call';

export type BenchPaths = Parameters<typeof appendLines>[0];

const AT_ONCE = 10_000;

/** A machine called `box` below a home folder, with so many API calls in its spool. */
export function fillSpool(
  home: string,
  records: number,
): { paths: BenchPaths; identity: MachineIdentity } {
  const folder = (name: string): string => path.join(home, name, 'coffee-roadmap');
  const paths = {
    config: folder('.config'),
    data: folder('.local/share'),
    state: folder('.local/state'),
  };
  const { identity } = ensureIdentity(paths, { label: 'box', fallback: () => 'box' });
  for (let from = 0; from < records; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, records - from);
    const lines = Array.from({ length: count }, (_, i) =>
      serialiseRecord(makeCall(identity.machine_id, from + i)),
    );
    appendLines(paths, Buffer.from(`${lines.join('\n')}\n`), { lazy: true });
  }
  return { paths, identity };
}
