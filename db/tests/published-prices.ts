/** Input, output, cache read, cache write for 5 minutes and for an hour. */
export type Tokens = [number, number?, number?, number?, number?];
const MTOK = 1_000_000;
const each: Tokens = [MTOK, MTOK, MTOK, MTOK, MTOK];
const usd = (amount: number): number => Math.round(amount * 1e9);

/** USD for a million tokens of each of the five kinds, as published. */
export const PRICED: [string, string, Tokens, number | null][] = [
  ['claude-opus-4-20250514', '2025-08-01', each, usd(15 + 75 + 1.5 + 18.75 + 30)],
  ['claude-opus-4-1-20250805', '2025-09-01', each, usd(15 + 75 + 1.5 + 18.75 + 30)],
  ['claude-opus-4-5-20251101', '2025-12-01', each, usd(5 + 25 + 0.5 + 6.25 + 10)],
  ['claude-opus-5', '2026-11-01', each, usd(5 + 25 + 0.5 + 6.25 + 10)],
  ['claude-opus-5-5', '2026-11-01', each, usd(4 + 20 + 0.2 + 5 + 8)],
  ['claude-3-7-sonnet-20250219', '2025-03-01', each, usd(3 + 15 + 0.3 + 3.75 + 6)],
  ['claude-sonnet-4-5-20250929[1m]', '2025-10-01', each, usd(3 + 15 + 0.3 + 3.75 + 6)],
  ['claude-sonnet-5', '2026-08-01', each, usd(2 + 10 + 0.2 + 2.5 + 4)],
  ['claude-sonnet-5-5', '2026-10-06T23:59:59.999Z', each, usd(2 + 10 + 0.2 + 2.5 + 4)],
  ['claude-sonnet-5-5', '2026-10-07T00:00:00Z', each, usd(2 + 10 + 0.1 + 2.5 + 4)],
  ['claude-3-haiku-20240307', '2025-01-01', [MTOK, MTOK], usd(0.25 + 1.25)],
  ['claude-3-haiku-20240307', '2025-01-01', [MTOK, MTOK, 1], null],
  ['claude-3-5-haiku-20241022', '2025-01-01', [MTOK, MTOK, MTOK, MTOK], usd(0.8 + 4 + 0.08 + 1)],
  ['claude-3-5-haiku-20241022', '2025-01-01', each, null],
  ['claude-haiku-4-5-20251001', '2025-12-01', each, usd(1 + 5 + 0.1 + 1.25 + 2)],
  ['claude-haiku-5-5', '2026-10-06', [1000], null],
  ['claude-haiku-5-5', '2026-10-07', [50_000, 0, 30_000, 10_000, 10_000], 8_550_000],
  ['claude-haiku-5-5', '2026-10-07', [50_001, 0, 30_000, 10_000, 10_000], 42_750_500],
  ['claude-haiku-5-5', '2026-10-07', [100_000, 900_000], 460_000_000],
  ['claude-fable-5', '2026-11-01', each, usd(10 + 50 + 1 + 12.5 + 20)],
  ['claude-mythos-5-1', '2026-11-01', each, usd(10 + 50 + 0.25 + 12.5 + 20)],
  ['claude-opus-9', '2026-11-01', each, null],
  ['<synthetic>', '2026-11-01', [1], null],
];

/** Model names as they occur in logs → as the price list has them. */
export const NAMES: [string, string][] = [
  ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
  ['claude-sonnet-4-5-20250929[1m]', 'claude-sonnet-4-5'],
  ['claude-sonnet-4-5[1m]', 'claude-sonnet-4-5'],
  ['claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
  ['vertex_ai/claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
  ['anthropic.claude-3-5-haiku-20241022-v1:0:48k', 'claude-3-5-haiku'],
  [
    'arn:aws:bedrock:eu-west-1::inference-profile/eu.anthropic.claude-opus-4-1-20250805-v1:0',
    'claude-opus-4-1',
  ],
  ['anthropic/claude-sonnet-4.5:beta', 'claude-sonnet-4-5'],
  ['Anthropic/Claude-Opus-4', 'claude-opus-4'],
  ['claude-opus-4-0', 'claude-opus-4'],
  ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet'],
  ['gpt-4.1-mini', 'gpt-4.1-mini'],
  ['deepseek-chat', 'deepseek-chat'],
];
