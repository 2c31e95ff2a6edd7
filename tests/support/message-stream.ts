/** The server-sent events of one scripted answer, in the order in which the real API sends them. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ScriptedBlock, ScriptedTurn } from './messages-api';

export async function writeStream(
  response: ServerResponse,
  model: string,
  turn: ScriptedTurn,
): Promise<void> {
  const usage = { input_tokens: 10, output_tokens: 20, ...turn.usage };
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'request-id': `req_${randomUUID().replaceAll('-', '')}`,
  });
  const send = (type: string, data: object): void => {
    if (!response.destroyed) {
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    }
  };
  send('message_start', {
    message: {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    },
  });
  for (const [index, block] of turn.blocks.entries()) {
    await writeBlock(send, index, block, () => response.destroyed);
  }
  const calls = turn.blocks.some((block) => block.type === 'tool_use');
  send('message_delta', {
    delta: { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage,
  });
  send('message_stop', {});
  response.end();
}

async function writeBlock(
  send: (type: string, data: object) => void,
  index: number,
  block: ScriptedBlock,
  gone: () => boolean,
): Promise<void> {
  if (block.type === 'tool_use') {
    const id = block.id ?? `toolu_${randomUUID().replaceAll('-', '')}`;
    const start = { type: 'tool_use', id, name: block.name, input: {} };
    send('content_block_start', { index, content_block: start });
    const delta = { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send('content_block_delta', { index, delta });
  } else {
    send('content_block_start', { index, content_block: { type: 'text', text: '' } });
    const pieces = typeof block.text === 'string' ? [block.text] : block.text;
    for await (const text of pieces) {
      if (gone()) return;
      send('content_block_delta', { index, delta: { type: 'text_delta', text } });
    }
  }
  send('content_block_stop', { index });
}
