/**
 * Moments at which the daemon may be killed. The crash tests arm one: the process then ends itself
 * there with SIGKILL, which is as good as a power cut. Unarmed, a call does nothing.
 */
export const FAILPOINTS = [
  'before_claim',
  'after_claim',
  'prepared',
  'agent_done',
  'committed',
  'commit_recorded',
  'pushed',
  'finished',
  'merged',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

let armed: Failpoint | undefined;

export function armFailpoint(name: string | undefined): void {
  armed = FAILPOINTS.find((point) => point === name);
}

export function failpoint(name: Failpoint): void {
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
