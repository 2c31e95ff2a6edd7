/**
 * Moments at which the bot may be killed. The crash tests arm one: the process then ends itself there
 * with SIGKILL, which is as good as a power cut. Unarmed, a call does nothing.
 */
export const CRASH_POINTS = [
  'claimed',
  'posted',
  'recorded',
  'joined',
  'updated',
  'acknowledged',
  'answered',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

let armed: CrashPoint | undefined;

export function armCrashPoint(name: string | undefined): void {
  armed = CRASH_POINTS.find((point) => point === name);
}

export function crashPoint(name: CrashPoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
