import { writePrivateText } from '@coffee-roadmap/shared/config/private-file';
import { existsSync, readFileSync } from 'node:fs';

/** idle: no tokens are set. */
export type HealthState = 'starting' | 'idle' | 'connected' | 'disconnected';

export interface Health {
  set(state: HealthState): void;
  stop(): void;
}

const BEAT_MS = 5_000;
const STALE_MS = 4 * BEAT_MS;
const HEALTHY: HealthState[] = ['idle', 'connected'];

/** Writes every few seconds, and at each change, how the bot is: `{state, at}`. */
export function keepHealth(file: string): Health {
  let state: HealthState = 'starting';
  const write = (): void =>
    writePrivateText(file, `${JSON.stringify({ state, at: new Date().toISOString() })}\n`);
  write();
  const timer = setInterval(write, BEAT_MS);
  return {
    set(next) {
      if (next === state) return;
      state = next;
      write();
    },
    stop: () => clearInterval(timer),
  };
}

/** True when the bot that writes this file lives and is connected, or idles on purpose. */
export function isHealthy(file: string, now = Date.now()): boolean {
  if (!existsSync(file)) return false;
  try {
    const { state, at } = JSON.parse(readFileSync(file, 'utf8')) as {
      state: HealthState;
      at: string;
    };
    return HEALTHY.includes(state) && now - Date.parse(at) < STALE_MS;
  } catch {
    return false; // half written or not ours
  }
}
