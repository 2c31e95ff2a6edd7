import { listDaemons } from '@coffee-roadmap/shared/daemons/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import path from 'node:path';

/**
 * What somebody should know who names a path of this machine while all daemons that live run on others:
 * lines, none where there is nothing to say. `host`: this machine's name.
 */
export async function otherMachineWarning(
  session: Session<'person'>,
  named: { address: string; project: string; host: string; home: string },
): Promise<string[]> {
  const { address, project, host, home } = named;
  if (!path.isAbsolute(address)) return [];
  const live = (await listDaemons(session)).filter((daemon) => daemon.live);
  if (live.length === 0 || live.some((daemon) => daemon.host === host)) return [];
  const served = path.join(home, 'served');
  // The daemon's uid in its container, which has to be able to push there.
  const own = process.getuid?.() === 1000 ? '' : ` && sudo chown -R 1000 ${served}`;
  const where = [...new Set(live.map((daemon) => daemon.host ?? 'elsewhere'))].join(', ');
  return [
    `warning: no daemon runs on this machine (they are on ${where}), so none sees ${address}`,
    'Push it to a git host that they reach. Or serve it to the Compose stack on this machine:',
    `  git clone --bare ${address} ${served}/${project}.git${own}`,
    `  echo COFFEE_ROADMAP_REPOSITORIES=${served} >> .env && docker compose up --wait`,
    `  coffee-roadmap projects set ${project} --repository /repositories/${project}.git`,
  ];
}
