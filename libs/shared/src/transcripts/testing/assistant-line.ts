/** A line of a transcript: one short answer of a model, with the usage of it. */
export const assistantLine = (id: string): string =>
  `${JSON.stringify({
    type: 'assistant',
    sessionId: 's1',
    uuid: `u-${id}`,
    timestamp: '2026-02-03T04:05:06.789Z',
    message: { id, model: 'claude-haiku-4-5', usage: { input_tokens: 1, output_tokens: 2 } },
  })}\n`;
