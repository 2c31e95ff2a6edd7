import type { AsyncEntry } from '@napi-rs/keyring';

/** The system's key store: the login keychain, Credential Manager, or a Secret Service. */
export interface Keyring {
  get(): Promise<string | undefined>;
  set(secret: string): Promise<void>;
}

/** A store that asks somebody who is not there must not hold us up. */
const PATIENCE_MS = 10_000;

/** Undefined where there is no store that outlives a restart: a server, a container, another platform. */
export async function openKeyring(): Promise<Keyring | undefined> {
  let entry: AsyncEntry;
  try {
    const found = await import('@napi-rs/keyring');
    const options = { linux: { store: 'secret-service' as const } };
    entry = new found.AsyncEntry('coffee-roadmap', 'gist', options);
  } catch {
    return undefined;
  }
  return {
    get: async () =>
      (await entry.getPassword(AbortSignal.timeout(PATIENCE_MS)).catch(() => null)) ?? undefined,
    set: (secret) => entry.setPassword(secret, AbortSignal.timeout(PATIENCE_MS)),
  };
}
