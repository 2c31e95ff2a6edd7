import fc from 'fast-check';
import { parseTranscriptCalls } from './transcript-calls';

const line = (id: string, output: number, more: object = {}, block = `text ${output}`): string =>
  JSON.stringify({
    ...{
      type: 'assistant',
      requestId: `req_${id}`,
      timestamp: '2026-11-21T07:00:00.000Z',
      ...more,
    },
    message: {
      ...{ id, model: 'claude-opus-4-5', content: [{ type: 'text', text: block }] },
      usage: { input_tokens: 3, output_tokens: output },
    },
  });

test('several lines of one answer are one call, with the largest count and all they said', () => {
  const [call, ...others] = parseTranscriptCalls(
    [line('m', 9), line('m', 159), line('m', 9)].join('\n'),
  );
  expect(others).toEqual([]);
  expect(call).toMatchObject({
    messageId: 'm',
    requestId: 'req_m',
    tokens: { input: 3, output: 159 },
  });
  expect(call!.output).toHaveLength(3);
});

test('a sub-agent’s calls are within the tool use that began it', () => {
  const text = [
    line('main', 1),
    line('sub', 2, { agentId: 'a1', isSidechain: true }),
    `./x/s/subagents/agent-a1.meta.json\t{"agentType":"general-purpose","toolUseId":"toolu_1"}`,
  ].join('\n');
  expect(parseTranscriptCalls(text)).toMatchObject([
    { messageId: 'main' },
    { messageId: 'sub', within: 'toolu_1' },
  ]);
  expect(parseTranscriptCalls(text)[0]).not.toHaveProperty('within');
});

test('cache writes are counted by how long they last; fast answers are marked', () => {
  const usage = {
    ...{ input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 3, speed: 'fast' },
    cache_creation_input_tokens: 9,
    cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 5 },
  };
  const text = JSON.stringify({ message: { id: 'm', usage } });
  expect(parseTranscriptCalls(text)).toMatchObject([
    { fast: true, tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5 } },
  ]);
  const older = { input_tokens: 1, output_tokens: 2, cache_creation_input_tokens: 9 };
  expect(
    parseTranscriptCalls(JSON.stringify({ message: { id: 'm', usage: older } })),
  ).toMatchObject([{ tokens: { cacheWrite5m: 9, cacheWrite1h: 0 } }]);
});

test('what the program made up itself is no call; what is no line of a transcript is passed over', () => {
  const synthetic = JSON.stringify({ message: { id: 'x', model: '<synthetic>', usage: {} } });
  expect(parseTranscriptCalls(`${synthetic}\n{"message":\n\nnonsense\n[]\nnull\n3`)).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), fc.string())), (lines) => {
      expect(Array.isArray(parseTranscriptCalls(lines.join('\n')))).toBe(true);
    }),
  );
});
