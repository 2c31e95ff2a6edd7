import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';

/** Logins that this machine keeps for the stack that it runs itself; passwords in clear, mode 0600. */
export interface LocalLogins {
  person: { name: string; password: string };
  daemon: { name: string; password: string };
  collector: { name: string; password: string };
}

/** Reads them, making them first when there are none; the same from then on. */
export function localLogins(paths: Paths, user: string): LocalLogins {
  const file = path.join(paths.data, 'logins.json');
  const known = readPrivateJson<Partial<LocalLogins>>(
    file,
    'Mend it, or move it away: npm start then gives these logins new passwords.',
  );
  const made: LocalLogins = {
    person: known?.person ?? { name: user, password: newPassword() },
    daemon: known?.daemon ?? { name: 'daemon', password: newPassword() },
    collector: known?.collector ?? { name: 'collector', password: newPassword() },
  };
  if (known?.collector !== undefined) return made;
  writePrivateJson(file, made);
  return made;
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
