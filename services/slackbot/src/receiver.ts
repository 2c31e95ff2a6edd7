import type { IncomingMessage } from 'node:http';
import {
  HTTPModuleFunctions,
  HTTPReceiver,
  isOfNoPath,
  SocketModeReceiver,
  type Receiver,
} from './bolt';
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
        refuseNoObjects(receiver);
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

/** Bolt fails where nobody catches it, which would end this process, at a body that is JSON and no object. */
function refuseNoObjects(receiver: HTTPReceiver): void {
  const take = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    if (request.method !== 'POST') return take(request, response);
    readStatus(request)
      .then((refused) => {
        if (refused === undefined) take(request, response);
        else response.writeHead(refused).end();
      })
      .catch((error: unknown) => {
        if (isOfNoPath(error)) return response.writeHead(404).end();
        log('error', `a request failed: ${String(error)}`);
        return response.headersSent ? response.end() : response.writeHead(500).end();
      });
  };
}

/** Undefined where Bolt may have the request. Its body is read, once for both. */
async function readStatus(request: IncomingMessage): Promise<400 | 413 | undefined> {
  try {
    await HTTPModuleFunctions.bufferIncomingMessage(request, HTTPModuleFunctions.defaultBodyLimit);
  } catch (error) {
    return HTTPModuleFunctions.isRawBodyError(error) && error.statusCode === 413 ? 413 : 400;
  }
  if (!HTTPModuleFunctions.isBufferedIncomingMessage(request)) return 400;
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body === 'object' && body !== null ? undefined : 400;
  } catch {
    return undefined; // no JSON: Bolt says so, to whom has signed it
  }
}
