import { stripEscapes } from './strip-escapes';
import { truncate } from './width';

/** Where progress is shown: stderr, so that stdout holds the result alone. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export interface Progress {
  /** Says what is being done now. */
  update(label: string): void;
  /** Leaves nothing behind on a terminal. Idempotent. */
  stop(): void;
}

/** What is done sooner is not worth a line. */
const DELAY_MS = 1000;
const FRAME_MS = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Some terminals say that they have 0 columns. */
const UNKNOWN_WIDTH = 80;
const CLEAR_LINE = '\r\x1b[2K';

/**
 * Shows that work goes on, once it takes longer than a second: a spinner on a terminal, elsewhere
 * one plain line per label.
 */
export function startProgress(stream: ProgressStream, label: string): Progress {
  const startedAt = Date.now();
  let text = stripEscapes(label);
  let begun = false;
  let frame = 0;
  let spinner: NodeJS.Timeout | undefined;

  const draw = () => {
    const seconds = ` ${Math.floor((Date.now() - startedAt) / 1000)}s`;
    // A line as wide as the terminal would wrap on some, and wrapped lines cannot be cleared.
    const room = (stream.columns || UNKNOWN_WIDTH) - seconds.length - 3;
    const sign = FRAMES[frame++ % FRAMES.length] ?? '';
    stream.write(`${CLEAR_LINE}${sign} ${truncate(text, room)}${seconds}`);
  };
  const begin = () => {
    begun = true;
    if (stream.isTTY !== true) {
      stream.write(`${text} …\n`);
      return;
    }
    draw();
    spinner = setInterval(draw, FRAME_MS).unref();
  };
  const delay = setTimeout(begin, DELAY_MS).unref();

  return {
    update(next) {
      const changed = stripEscapes(next);
      if (changed === text) return;
      text = changed;
      if (begun && spinner === undefined) stream.write(`${text} …\n`);
    },
    stop() {
      clearTimeout(delay);
      if (spinner === undefined) return;
      clearInterval(spinner);
      spinner = undefined;
      stream.write(CLEAR_LINE);
    },
  };
}

/** Shows progress for as long as the work takes, however it ends. */
export async function withProgress<T>(
  stream: ProgressStream,
  label: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = startProgress(stream, label);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}
