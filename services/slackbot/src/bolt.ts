/** The one place that names Slack's packages; everything else imports from here. */
import { ErrorCode, webApi, type types } from '@slack/bolt';

export { App, HTTPModuleFunctions, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
export type {
  BlockAction,
  BlockElementAction,
  Logger,
  Receiver,
  RespondArguments,
  SlashCommand,
  ViewSubmitAction,
} from '@slack/bolt';

export const { WebClient } = webApi;
export type WebClient = webApi.WebClient;
export type Block = types.KnownBlock;
export type PlainText = types.PlainTextElement;
export type Option = types.PlainTextOption;
export type ActionElement = types.ActionsBlockElement;
export type ContextElement = types.ContextBlockElement;
export type View = types.View;

/** Whether Bolt says that nothing of it is at the path that was asked for. */
export const isOfNoPath = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === ErrorCode.HTTPReceiverDeferredRequestError;

/** What went wrong with a call: `later` with the milliseconds that Slack asks for, `refused` with its word. */
export type SlackFailure =
  { kind: 'later'; ms: number } | { kind: 'refused'; error: string } | { kind: 'unknown' };

/** `unknown`: the call may have been carried out all the same. */
export function failureOf(error: unknown): SlackFailure {
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return { kind: 'later', ms: error.retryAfter * 1000 };
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    return { kind: 'refused', error: error.data.error };
  }
  return { kind: 'unknown' };
}
