/** The MCP server of the official SDK, with what each of our tools needs. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { z } from 'zod';
import { toAppError } from '../db/app-errors';
import { SERVER_NAME } from './server-name';

/** One call of a tool. */
export interface ToolCall {
  /** Aborted when the agent cancels, or goes away. */
  signal: AbortSignal;
  /** Runs once the result has been written. */
  afterSent(work: () => void): void;
}

export interface ToolServer {
  /** What `work` returns goes to the agent as JSON; what it throws as an error of the tool. */
  tool<Shape extends z.ZodRawShape>(
    name: string,
    about: { description: string; input: Shape; readOnly?: boolean },
    work: (input: z.infer<z.ZodObject<Shape>>, call: ToolCall) => Promise<unknown>,
  ): void;
  connect(transport: Transport): Promise<void>;
  /** Aborts what is under way. */
  close(): Promise<void>;
}

const STILL_WAITING_MS = 15_000;

export function createToolServer(version: string, instructions: string): ToolServer {
  const server = new McpServer({ name: SERVER_NAME, version }, { instructions });
  const sent = new Map<string | number, () => void>();

  return {
    tool(name, { description, input, readOnly = false }, work) {
      const settings = {
        description,
        inputSchema: input as z.ZodRawShape,
        annotations: { readOnlyHint: readOnly, openWorldHint: false },
      };
      server.registerTool(name, settings, async (given, extra) => {
        const token = extra._meta?.progressToken;
        let progress = 0;
        const tick = setInterval(() => {
          if (token === undefined) return;
          const params = { progressToken: token, progress: ++progress, message: 'still waiting' };
          extra
            .sendNotification({ method: 'notifications/progress', params })
            .catch(() => undefined);
        }, STILL_WAITING_MS);
        try {
          const result = await work(given as never, {
            signal: extra.signal,
            afterSent: (done) => {
              const before = sent.get(extra.requestId);
              sent.set(extra.requestId, () => {
                before?.();
                done();
              });
            },
          });
          return { content: [{ type: 'text', text: JSON.stringify(result, null, 1) }] };
        } catch (error) {
          const { message, hint } = toAppError(error);
          const text = hint === undefined ? message : `${message}\n${hint}`;
          return { isError: true, content: [{ type: 'text', text }] };
        } finally {
          clearInterval(tick);
        }
      });
    },

    async connect(transport) {
      const send = transport.send.bind(transport);
      transport.send = async (message, options) => {
        await send(message, options);
        if (!('result' in message)) return;
        sent.get(message.id)?.();
        sent.delete(message.id);
      };
      await server.connect(transport);
    },

    close: () => server.close(),
  };
}
