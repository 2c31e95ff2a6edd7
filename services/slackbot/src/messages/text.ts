import type { ContextElement, PlainText } from '../bolt';

/** Block Kit's limits, in characters. */
export const LIMITS = {
  header: 150,
  section: 3000,
  button: 75,
  option: 75,
  context: 2000,
  fallback: 3000,
  answer: 3000,
};

/** Control characters and those that turn the direction of writing, except newline and tab. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNPRINTABLE, '');
}

/** At most so many characters; what is cut ends in `…`, never within a surrogate pair. */
export function cut(text: string, most: number, end = '…'): string {
  const cleaned = clean(text);
  if (cleaned.length <= most) return cleaned;
  return cleaned.slice(0, most - end.length).replace(/[\ud800-\udbff]$/, '') + end;
}

/**
 * Text from people and agents. Slack takes plain text as it is: no mentions, no links, no emphasis;
 * `emoji: false` keeps `:tada:` what it was. Slack refuses empty text.
 */
export function plain(text: string, most: number): PlainText {
  const shown = cut(text, most);
  return { type: 'plain_text', text: shown.trim() === '' ? '–' : shown, emoji: false };
}

/** Our own words, in which formatting is meant. Never text from elsewhere. */
export function markup(text: string): ContextElement & { type: 'mrkdwn' } {
  return { type: 'mrkdwn', text, verbatim: true };
}

/**
 * For the line that notifications show, the one place where Slack reads markup in any case: without
 * these three characters there is no mention, no link and no channel.
 */
export function escape(text: string, most = LIMITS.fallback): string {
  const escaped = (value: string): string =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped(cut(text, Math.floor(most / 5)));
}

/** What somebody typed in Slack, as they meant it. */
export function unescape(text: string): string {
  return text
    .replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_whole, target: string, label: string | undefined) =>
      /^[@#!]/.test(target) ? (label ?? target) : target.replace(/^mailto:/, ''),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** A moment in the reader's own time zone. */
export function moment(at: Date): string {
  const unix = Math.floor(at.getTime() / 1000);
  return `<!date^${unix}^{date_short_pretty} {time}|${at.toISOString().slice(0, 16).replace('T', ' ')} UTC>`;
}

/** What attempts cost. */
export function spent(of: { cost_usd: string | number; as_reported: boolean }): string {
  return `${usd(of.cost_usd)}${of.as_reported ? ' as reported' : ''}`;
}

export function usd(amount: string | number): string {
  const value = Number(amount);
  return `$${value.toFixed(value !== 0 && value < 0.1 ? 4 : 2)}`;
}
