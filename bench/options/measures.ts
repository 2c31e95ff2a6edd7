/** As long as a short message of a model. */
export const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(8);

/** Nanoseconds of a clock that all processes of this machine share. */
export const nowNs = (): bigint => process.hrtime.bigint();

/** Puts the moment into a text that travels through the database. */
export const stamped = (text: string): string => `${text} @${nowNs()}`;

export const momentIn = (text: string): bigint => BigInt(/@(\d+)$/.exec(text)![1]!);

/** Milliseconds since the moment that the text holds. */
export const msSince = (text: string): number => Number(nowNs() - momentIn(text)) / 1e6;
