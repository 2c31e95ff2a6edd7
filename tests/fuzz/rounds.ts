/** Printed where something fails, so that it can be told again: FUZZ_SEED, with FUZZ_ROUNDS=1. */
export const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000);
/** Of each reader; more by FUZZ_ROUNDS when one has time. */
export const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 150);
