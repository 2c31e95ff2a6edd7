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
export type Script = (request: ApiRequest) => ScriptedTurn | Promise<ScriptedTurn>;

export interface MessagesApi {
  url: string;
  /** The requests that offered tools, in order of arrival. */
  requests: ApiRequest[];
  close(): Promise<void>;
}

export async function startMessagesApi(script: Script): Promise<MessagesApi> {
  const requests: ApiRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response, script, requests).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, apiError(String(error)));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  script: Script,
  requests: ApiRequest[],
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://loopback').pathname;
  const body = await readJson(request);
  if (request.method !== 'POST') return sendJson(response, 404, apiError('not found'));
  if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 10 });
  if (path !== '/v1/messages') return sendJson(response, 404, apiError('not found'));

  const received: ApiRequest = {
    method: request.method,
    path,
    headers: request.headers,
    model: String(body.model),
    messages: body.messages as ApiRequest['messages'],
    tools: (body.tools ?? []) as ApiRequest['tools'],
  };
  let turn: ScriptedTurn = { blocks: [{ type: 'text', text: 'ok' }] };
  if (received.tools.length > 0) {
    requests.push(received);
    turn = await script(received);
  }
  await writeStream(response, received.model, turn);
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
