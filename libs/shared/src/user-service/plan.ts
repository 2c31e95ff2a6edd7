import { launchdAgent, launchdLabel, systemdUnit, unitName } from './units';
import type { ServiceFile, UserService } from './units';

export type ServiceSystem = 'systemd' | 'launchd';

/** What installing or removing does: files first, then programs, in this order. */
export interface ServicePlan {
  system: ServiceSystem;
  files: ServiceFile[];
  install: string[][];
  remove: string[][];
  /** Ends with 0 where the service runs. */
  status: string[];
}

export interface Account {
  home: string;
  configHome: string;
  uid: number;
}

/** Undefined where this system has neither. */
export function planService(
  service: UserService,
  account: Account,
  platform: NodeJS.Platform = process.platform,
): ServicePlan | undefined {
  if (platform === 'linux') {
    const unit = `${unitName(service)}.service`;
    const user = ['systemctl', '--user'];
    return {
      system: 'systemd',
      files: [systemdUnit(service, account.configHome)],
      install: [
        [...user, 'daemon-reload'],
        [...user, 'enable', unit],
        // Not "start": one that runs takes the new file up.
        [...user, 'restart', unit],
      ],
      remove: [
        [...user, 'disable', '--now', unit],
        [...user, 'daemon-reload'],
      ],
      status: [...user, 'is-active', '--quiet', unit],
    };
  }
  if (platform !== 'darwin') return undefined;
  const agent = launchdAgent(service, account.home);
  const domain = `gui/${account.uid}`;
  const name = `${domain}/${launchdLabel(service)}`;
  return {
    system: 'launchd',
    files: [agent],
    install: [['launchctl', 'bootstrap', domain, agent.file]],
    remove: [['launchctl', 'bootout', name]],
    status: ['launchctl', 'print', name],
  };
}
