const KEY = 'phrases';
const DEFAULTS = { by: 'day', span: 90, hidden: [''] };

/** How this browser's person wants the chart: days or weeks, how many days (0: all), what is left out. */
export function readSettings() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {};
  } catch {
    // What somebody else wrote there is nothing of ours.
  }
  return {
    by: kept.by === 'week' ? 'week' : DEFAULTS.by,
    span: [0, 30, 90, 366].includes(kept.span) ? kept.span : DEFAULTS.span,
    hidden: Array.isArray(kept.hidden) ? kept.hidden.map(String) : DEFAULTS.hidden,
  };
}

export function changeSettings(change) {
  localStorage.setItem(KEY, JSON.stringify({ ...readSettings(), ...change }));
}
