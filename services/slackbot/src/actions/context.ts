import type { Session } from '@coffee-roadmap/shared/db/session';
import type { WebClient } from '../bolt';
import type { SlackConfig } from '../config';
import type { Log } from '../log';

/** What handlers of clicks, replies and commands have. */
export interface ActionContext {
  session: Session<'slackbot'>;
  client: WebClient;
  config: SlackConfig;
  log: Log;
  /** Makes the delivery look at once. */
  wake: () => void;
}
