const numbers = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const STATE_NAMES = {
  planned: 'Planned',
  in_progress: 'In progress',
  in_review: 'In review',
  done: 'Done',
  blocked: 'Blocked',
};

/** USD; cents, and of amounts below one cent enough to see that they are not nothing. */
export function money(value) {
  const amount = Number(value ?? 0);
  if (amount === 0) return '$0.00';
  if (Math.abs(amount) < 0.01) return `$${amount.toPrecision(2)}`;
  return `$${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** What attempts cost, and where that is what their agent said. */
export const spent = ({ cost_usd: usd, as_reported: reported }) =>
  reported ? `${money(usd)} as reported` : money(usd);

export const count = (value) => numbers.format(Number(value ?? 0));
export const compact = (value) => short.format(Number(value ?? 0));

/** `1 file`, `2 files`. */
export const plural = (n, one, many = `${one}s`) => `${count(n)} ${Number(n) === 1 ? one : many}`;

/** Seconds as `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds) {
  const s = Math.max(0, Number(seconds ?? 0));
  if (s > 0 && s < 0.01) return `${(s * 1000).toFixed(1)} ms`;
  if (s < 1) return `${Math.round(s * 1000)} ms`;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.round(s)} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min');
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const join = (a, unitA, b, unitB) => (b === 0 ? `${a} ${unitA}` : `${a} ${unitA} ${b} ${unitB}`);

export function ago(time, now = Date.now()) {
  const s = (now - new Date(time).getTime()) / 1000;
  if (s < 10) return 'just now';
  if (s < 60) return `${Math.round(s)} s ago`;
  if (s < 3600) return `${Math.round(s / 60)} min ago`;
  if (s < 86_400) return `${Math.round(s / 3600)} h ago`;
  return new Date(time).toLocaleDateString('en', { day: 'numeric', month: 'short' });
}

export const moment = (time) =>
  new Date(time).toLocaleString('en', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });

export const clock = (time) =>
  new Date(time).toLocaleTimeString('en', {
    hour12: false,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

/** `2026-11-21` as `21 Nov`. */
export const shortDay = (day) =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString('en', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });

export const percent = (part, whole) => (whole > 0 ? `${Math.round((part / whole) * 100)} %` : '–');
