/** A loopback server that speaks the Anthropic Messages API and answers from a script. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeStream } from './message-stream';

export type ScriptedBlock =
  | { type: 'text'; text: string | AsyncIterable<string> }
  | { type: 'tool_use'; name: string; input: Record<string, unknown>; id?: string };

export interface ScriptedTurn {
  blocks: ScriptedBlock[];
  /** Token counts of this answer; the program prices them by the model's name. */
  usage?: { input_tokens?: number; output_tokens?: number };
}

/** The API refuses. */
export interface ScriptedError {
  error: { status: number; message: string };
}

export interface RequestBlock {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  tool_use_id?: string;
  content?: unknown;
  is_error?: boolean;
}

export interface ApiRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  model: string;
  messages: { role: 'user' | 'assistant'; content: string | RequestBlock[] }[];
  tools: { name: string }[];
}

/** Says the next turn. Requests without tools (titles, probes) are answered without asking it. */
export type Script = (
  request: ApiRequest,
) => ScriptedTurn | ScriptedError | Promise<ScriptedTurn | ScriptedError>;

export interface MessagesApi {
  url: string;
  /** The requests that offered tools, in order of arrival. */
  requests: ApiRequest[];
  /** How many of them have been answered to the last byte. */
  readonly answered: number;
  close(): Promise<void>;
}

export async function startMessagesApi(script: Script): Promise<MessagesApi> {
  const requests: ApiRequest[] = [];
  let answered = 0;
  const server = createServer((request, response) => {
    const done = answer(request, response, script, requests).then((scripted) => {
      if (scripted) answered += 1;
    });
    done.catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, apiError(String(error)));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get answered() {
      return answered;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** True if the script was asked. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
  requests: ApiRequest[],
): Promise<boolean> {
  const path = new URL(request.url ?? '/', 'http://loopback').pathname;
  const body = await readJson(request);
  if (request.method === 'POST' && path === '/v1/messages/count_tokens') {
    sendJson(response, 200, { input_tokens: 10 });
    return false;
  }
  if (request.method !== 'POST' || path !== '/v1/messages') {
    sendJson(response, 404, apiError('not found'));
    return false;
  }

  const received: ApiRequest = {
    method: request.method,
    path,
    headers: request.headers,
    model: String(body.model),
    messages: body.messages as ApiRequest['messages'],
    tools: (body.tools ?? []) as ApiRequest['tools'],
  };
  if (received.tools.length === 0) {
    await writeStream(response, received.model, { blocks: [{ type: 'text', text: 'ok' }] });
    return false;
  }
  requests.push(received);
  const turn = await script(received);
  if ('error' in turn) sendJson(response, turn.error.status, apiError(turn.error.message));
  else await writeStream(response, received.model, turn);
  return true;
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (chunks.length === 0) return {};
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}

function apiError(message: string): object {
  return { type: 'error', error: { type: 'api_error', message } };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
