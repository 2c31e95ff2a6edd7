/** The MCP server of the official SDK, with what each of our tools needs. */
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { z } from 'zod';
import type { Streams } from '../../context';
import { VERSION } from '../../version';
import type { AgentDesk } from './agent-desk';

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
  /** Resolves when the agent's program has gone, or `stop` aborts. */
  serve(streams: Streams, stop: AbortSignal): Promise<void>;
}

const STILL_WAITING_MS = 15_000;

export function createToolServer(desk: AgentDesk, instructions: string): ToolServer {
  const server = new McpServer({ name: 'coffee-roadmap', version: VERSION }, { instructions });
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

    async serve({ stdin, stdout }, stop) {
      const transport = new StdioServerTransport(stdin, stdout);
      const send = transport.send.bind(transport);
      transport.send = async (message) => {
        await send(message);
        if (!('result' in message)) return;
        sent.get(message.id)?.();
        sent.delete(message.id);
      };
      const gone = new Promise<void>((resolve) => {
        const end = (): void => {
          desk.leave(); // before the SDK aborts what is under way
          resolve();
        };
        stdin.once('end', end);
        stdin.once('close', end);
        stop.addEventListener('abort', end);
      });
      await server.connect(transport);
      await gone;
      await server.close();
    },
  };
}
