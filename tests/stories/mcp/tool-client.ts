import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Cli } from '../cli/program';

export interface Said {
  isError: boolean;
  /** The JSON of a result, the words of an error. */
  value: Record<string, unknown>;
  text: string;
}

export interface ToolClient {
  client: Client;
  call(name: string, input?: Record<string, unknown>, signal?: AbortSignal): Promise<Said>;
  /** kill -9. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** The built server as an agent's program starts it, spoken to by the official SDK's client. */
export async function startToolServer(cli: Cli, args: string[] = []): Promise<ToolClient> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli.file, 'mcp', 'serve', ...args],
    env: { HOME: cli.home, PATH: process.env.PATH ?? '', TZ: 'UTC' },
    stderr: 'inherit',
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  return {
    client,
    async call(name, input = {}, signal) {
      const options = { timeout: 60_000, ...(signal === undefined ? {} : { signal }) };
      const result = await client.callTool({ name, arguments: input }, undefined, options);
      const text = (result.content as { text: string }[])[0]!.text;
      const isError = result.isError === true;
      return {
        isError,
        text,
        value: isError ? {} : (JSON.parse(text) as Record<string, unknown>),
      };
    },
    async kill() {
      const closed = new Promise<void>((resolve) => (client.onclose = resolve));
      process.kill(transport.pid!, 'SIGKILL');
      await closed;
    },
    close: () => client.close(),
  };
}
