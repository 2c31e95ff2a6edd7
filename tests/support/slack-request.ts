import { createHmac } from 'node:crypto';

/** Slack waits for three seconds; a machine with much to do is given more. */
const PATIENCE_MS = 30_000;

/** How a request is signed: with the app's secret, now, unless it says otherwise. Null: not at all. */
export type Signed = { secret?: string; at?: number } | null;

/** What Slack sends over HTTP, and somebody who only pretends to be Slack. */
export function slackRequests(address: () => string, secret: string) {
  const JSON_TYPE = 'application/json';
  const FORM_TYPE = 'application/x-www-form-urlencoded';

  async function send(
    body: string,
    type: string,
    signed: Signed,
    more: Record<string, string> = {},
  ): Promise<number> {
    const headers: Record<string, string> = { 'content-type': type, ...more };
    if (signed !== null) {
      const at = Math.floor((signed.at ?? Date.now()) / 1000);
      const mac = createHmac('sha256', signed.secret ?? secret).update(`v0:${at}:${body}`);
      headers['x-slack-request-timestamp'] = String(at);
      headers['x-slack-signature'] = `v0=${mac.digest('hex')}`;
    }
    const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) };
    return (await fetch(`${address()}/slack/events`, init)).status;
  }

  return {
    /** An event, as JSON; the status of the answer. */
    event: (payload: object, signed: Signed = {}) =>
      send(JSON.stringify(payload), JSON_TYPE, signed),
    /** A click; `more`: further headers. */
    click: (payload: object, signed: Signed = {}, more?: Record<string, string>) =>
      send(`payload=${encodeURIComponent(JSON.stringify(payload))}`, FORM_TYPE, signed, more),
    /** A slash command. */
    command: (payload: object, signed: Signed = {}) =>
      send(new URLSearchParams(payload as Record<string, string>).toString(), FORM_TYPE, signed),
  };
}
