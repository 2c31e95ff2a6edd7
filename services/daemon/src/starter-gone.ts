/** Giving the leases back takes no longer, unless the database is gone too. */
const LAST_PATIENCE_MS = 5_000;

/**
 * Ends this process when the one that started it with a channel (`npm start`) is gone: killed, that
 * one could not end it any more, and the next would start a second daemon beside it.
 */
export function stopWithStarter(stop: () => void): void {
  const end = (): void => {
    stop();
    setTimeout(() => process.exit(1), LAST_PATIENCE_MS).unref();
  };
  process.once('disconnect', end);
  if (process.connected === false) end(); // before we listened; undefined where there is no channel
}
