const AWAY_MS = 60_000;
const SLOW_POLL_MS = 60_000;

/**
 * Tells `onChange(topic)` what changed, as the server hints it, and `onState(state)` whether that works:
 * `live`, `waiting` (trying again) or `resting` (nobody looks at this tab; a slow poll goes on). A
 * browser has few connections for one server, so a tab that is not looked at gives its own back.
 */
export function listenLive({ onChange, onState }) {
  let source;
  let resting;
  let poll;

  function open() {
    clearInterval(poll);
    if (source !== undefined) return;
    source = new EventSource('/api/events');
    source.onopen = () => onState('live');
    source.onerror = () => {
      onState('waiting');
      // A refusal ends it for good; a lost connection the browser mends by itself.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => document.hidden || open(), 3_000);
      }
    };
    source.addEventListener('change', (event) => onChange(event.data));
  }

  function close() {
    source?.close();
    source = undefined;
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(resting);
    if (!document.hidden) return open();
    resting = setTimeout(() => {
      close();
      onState('resting');
      poll = setInterval(() => onChange('catch_up'), SLOW_POLL_MS);
    }, AWAY_MS);
  });
  open();
}
