const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long a sign of life speaks for, in milliseconds; docs/adr/0009 gives the reasons. */
export interface AllocationRules {
  /** A person's attention after each thing they did. */
  readonly attentionWindow: number;
  /** The longest gap between two signs of an agent that still counts as work. */
  readonly agentGap: number;
  /** The longest run of a timer that nobody stops, pauses or starts again. */
  readonly timerLimit: number;
  /** Without a person for so long, what was in front of them is forgotten. */
  readonly forgetAfter: number;
}

export const DEFAULT_RULES: AllocationRules = {
  attentionWindow: 5 * MINUTE,
  agentGap: 30 * MINUTE,
  timerLimit: 12 * HOUR,
  forgetAfter: 6 * HOUR,
};
