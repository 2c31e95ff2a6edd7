/** What a value has to be; in brackets: a list of such. */
type Shape = 'text' | 'number' | 'flag' | readonly [Shape] | { readonly [key: string]: Shape };

const TOKENS: Shape = {
  input_tokens: 'number',
  output_tokens: 'number',
  cache_creation: {},
};
const BLOCKS: Shape = [
  { type: 'text', id: 'text', text: 'text', name: 'text', input: {}, tool_use_id: 'text' },
];
const SESSION: Shape = { total_cost_usd: 'number', model_usage: {} };

const LINE: Shape = {
  type: 'text',
  subtype: 'text',
  parent_tool_use_id: 'text',
  ttft_ms: 'number',
  message: { id: 'text', model: 'text', usage: TOKENS },
  event: {
    type: 'text',
    usage: TOKENS,
    message: { id: 'text', model: 'text', usage: TOKENS },
  },
  request_id: 'text',
  request: {
    subtype: 'text',
    tool_name: 'text',
    input: {},
    description: 'text',
    decision_reason: 'text',
    // What its `message` is, our tools look at: whoever sends a wrong one gets an answer.
    server_name: 'text',
    permission_suggestions: [
      {
        type: 'text',
        behavior: 'text',
        destination: 'text',
        rules: [{ toolName: 'text', ruleContent: 'text' }],
        directories: ['text'],
      },
    ],
  },
  response: { subtype: 'text', request_id: 'text', response: { session: SESSION } },
  is_error: 'flag',
  result: 'text',
  errors: ['text'],
  total_cost_usd: 'number',
  modelUsage: {},
  model: 'text',
  claude_code_version: 'text',
};

/** Deeper than any tool's input, and little enough for whatever walks through it. */
const MOST_LEVELS = 200;

/** Where it is wrong the whole line is no line of ours: what reads it need not look again. */
export function isClaudeLine(value: unknown): boolean {
  if (!isShallow(value, MOST_LEVELS) || !fits(value, LINE)) return false;
  const { type, message } = value as { type?: string; message?: { content?: unknown } };
  if (message?.content === null) delete message.content;
  // What people and tools say may be plain text.
  return (
    (type === 'user' && typeof message?.content === 'string') || fits(message?.content, BLOCKS)
  );
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/** What is missing fits. A null in place of an object or a list is taken out: it means the same. */
function fits(value: unknown, shape: Shape): boolean {
  if (value === undefined) return true;
  if (shape === 'text') return value === null || typeof value === 'string';
  if (shape === 'number') return value === null || typeof value === 'number';
  if (shape === 'flag') return value === null || typeof value === 'boolean';
  if (Array.isArray(shape)) {
    const [inner] = shape as readonly [Shape];
    return Array.isArray(value) && value.every((one) => one !== null && fits(one, inner));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const record = value as Record<string, unknown>;
  return Object.entries(shape).every(([key, inner]) => {
    if (record[key] === null && typeof inner === 'object') delete record[key];
    return fits(record[key], inner);
  });
}
