import { messageOf } from '@coffee-roadmap/shared/errors';
import { HTTPReceiver, SocketModeReceiver, type Receiver } from './bolt';
import type { SlackConfig } from './config';
import { log, packageLogger } from './log';

export interface Incoming {
  receiver: Receiver;
  start(): Promise<void>;
}

/** `onConnected`: whether Slack reaches us; called at every change. */
export function createIncoming(
  config: SlackConfig,
  onConnected: (connected: boolean) => void,
): Incoming {
  const { transport } = config;
  const logger = packageLogger(log);
  if (transport.kind === 'http') {
    const receiver = new HTTPReceiver({ signingSecret: transport.signingSecret, logger });
    return {
      receiver,
      async start() {
        // Bolt awaits nobody for what it reads before it asks anybody: a body that is no object would end
        // this process for everybody.
        process.on('unhandledRejection', (error) =>
          log('error', `a request was dropped: ${messageOf(error)}`),
        );
        const server = await receiver.start(transport.port);
        const address = server.address();
        const port = typeof address === 'object' ? address?.port : transport.port;
        log('info', `Slack's requests are taken on port ${port}, at /slack/events`);
        onConnected(true);
      },
    };
  }
  const receiver = new SocketModeReceiver({
    appToken: transport.appToken,
    clientPingTimeout: config.pingMs,
    logger,
    installerOptions: {
      clientOptions: config.apiUrl === undefined ? {} : { slackApiUrl: config.apiUrl },
    },
  });
  receiver.client.on('connected', () => onConnected(true));
  for (const event of ['close', 'disconnected', 'reconnecting']) {
    receiver.client.on(event, () => onConnected(false));
  }
  return {
    receiver,
    async start() {
      await receiver.start();
    },
  };
}
