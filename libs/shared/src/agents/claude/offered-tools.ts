/**
 * Our tools for the program, over the pipes on which it talks with us anyway: an MCP server that it knows as
 * one of its host's (`sdk`). What it calls is done here, by the daemon for its attempt; nothing is started in
 * the sandbox, and no login, address or secret gets there.
 */
import { SERVER_NAME } from '../../agent-tools/server-name';
import type { ToolServer } from '../../agent-tools/tool-server';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';

export interface OfferedTools {
  /**
   * Hands a message of the program to the server. Gives what it answers, and an empty result where the message
   * was no request; for what is no message of MCP an error of JSON-RPC.
   */
  receive(message: unknown): Promise<unknown>;
  close(): void;
}

/** `say`: writes a line to the program. */
export function offerTools(server: ToolServer, say: (line: object) => void): OfferedTools {
  const asked = new Map<string | number, (answer: unknown) => void>();
  let told = 0;
  const transport: Transport = {
    start: () => Promise.resolve(),
    send(message) {
      if (!('method' in message) && message.id !== undefined) {
        asked.get(message.id)?.(message);
        asked.delete(message.id);
      } else {
        told += 1;
        say({
          type: 'control_request',
          request_id: `tools-${told}`,
          request: { subtype: 'mcp_message', server_name: SERVER_NAME, message },
        });
      }
      return Promise.resolve();
    },
    close() {
      transport.onclose?.();
      return Promise.resolve();
    },
  };
  void server.connect(transport);
  return {
    receive(message) {
      const { data: said } = JSONRPCMessageSchema.safeParse(message);
      if (said === undefined) return Promise.resolve(refuse(null, 'this is no message of MCP'));
      return new Promise((resolve) => {
        if ('method' in said && 'id' in said) {
          // The older one's answer is under way, and would be taken for this one's.
          if (asked.has(said.id))
            return resolve(refuse(said.id, 'a request with the same id is not answered yet'));
          asked.set(said.id, resolve);
        } else resolve({ jsonrpc: '2.0', result: {}, id: 0 });
        transport.onmessage?.(said);
      });
    },
    close: () => void server.close().catch(() => undefined),
  };
}

const refuse = (id: string | number | null, message: string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code: ErrorCode.InvalidRequest, message },
});
