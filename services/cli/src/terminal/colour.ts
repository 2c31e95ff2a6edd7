import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

/**
 * Colours for one stream: on a terminal that can show them and where nobody has set NO_COLOR. Takes
 * the environment as it is read elsewhere.
 */
export function coloursFor(
  stream: { isTTY?: boolean },
  env: { NO_COLOR?: string; TERM?: string },
): Colours {
  const unwanted = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  return pc.createColors(stream.isTTY === true && !unwanted && env.TERM !== 'dumb');
}
