import { AT, MACHINE, USAGE } from '@coffee-roadmap/shared/records/testing/usage-record';

// What the readers are made for, one or more of each kind.

const lines = (...objects: object[]): string =>
  objects.map((one) => JSON.stringify(one)).join('\n');

export const RECORDS = [
  USAGE,
  {
    v: 1,
    id: `${MACHINE}:remote.tmux:tmux_pane_focus:${AT}:%4`,
    at: AT,
    type: 'tmux_pane_focus',
    source: 'remote.tmux',
    session_id: null,
    pane_id: '%4',
    folder: '/home/ada/src',
    tmux_session: 'main',
    window_index: 2,
    git_project: 'shop',
  },
].map((record) => JSON.stringify(record));

const program = {
  program: 'coffee-roadmap',
  program_version: '0.1.0',
  machine_id: MACHINE,
  label: 'a',
};
export const FRAMES = [
  JSON.stringify({ type: 'export_start', v: 1, ...program, after: null, after_found: true }),
  JSON.stringify({ type: 'export_end', records: 12, last_id: `${MACHINE}:claude:usage:${AT}:m` }),
  JSON.stringify({ type: 'hello', protocol: 1, v: 1, ...program }),
  JSON.stringify({ type: 'pull', after: null, encoding: 'gzip' }),
];

export const ROADMAPS = [
  `# Roadmap\n\nWhat comes next.\n\n## 1. Say hello\n\n**Status:** planned\n\nIn the reader’s language.\n\n### 1.1 Greet\n\n\`\`\`md\n## 9. not one\n\`\`\`\n`,
  '### PRIORITY 2.5: Ship ✅\n\n- a\n  - b\n\n---\n\n### PRIORITY 3: Later 📝\n',
];

const entry = {
  version: '2.0',
  machine_id: MACHINE,
  label: 'devbox',
  pushed_at: AT,
  cursor: `${MACHINE}:claude:usage:${AT}:msg_1/req_1`,
  shards: [
    {
      file: `records_${MACHINE}_2026-02_p1.ndjson.gz`,
      records: 2,
      first: AT,
      last: AT,
      bytes: 300,
      sha256: 'ab'.repeat(32),
    },
  ],
};
const old = {
  machine_name: 'devbox',
  last_sync: AT,
  last_record_date: '2026-02-03',
  total_records: 2,
  current_file: 'usage_data_devbox_2026_02.json',
  data_files: ['usage_data_devbox_2026_02.json'],
  backups: [],
};
export const ENTRIES = [JSON.stringify(entry)];
export const MANIFESTS = [
  JSON.stringify({ version: '2.0', last_updated: AT, machines: [entry], backups: [] }),
  JSON.stringify({ version: '1.0', last_updated: AT, machines: [old], backup_retention_days: 30 }),
];
export const CCU_FILES = [
  JSON.stringify({
    machine_name: 'devbox',
    records: [
      {
        timestamp: AT,
        message_uuid: 'b5d3a6c0-6d0e-4a53-9c5a-0d7c1c1b9f10',
        session_id: 's',
        model: 'claude-opus-4-5',
        input_tokens: 1,
        output_tokens: 2,
        cache_creation_tokens: 3,
        cache_read_tokens: 4,
        folder: '/home/ada/src',
        git_branch: 'main',
        version: '2.1.0',
      },
    ],
  }),
];

const history = [{ day: '2026-02-03', count: 4, right_count: 2, total_messages: 40 }];
export const COUNTS = [
  JSON.stringify({ workstations: [{ workstation_id: 'laptop', history }] }),
  JSON.stringify(history),
];

export const HOOK_LINES = [
  'tmux\t1770091506789000000\tfocus\t%4\t/home/ada/src\tmain\t2',
  `git\t1770091506789000000\tcommit\t/home/ada/src\tmain\t${'a'.repeat(40)}\t\tperson`,
  'window\t1770091506789000000\tTerminal\tada\tx',
  'afk\t1770091506789000000\taway\t300',
];

export const CLASSIFICATIONS = [
  JSON.stringify({
    streams: [{ name: 'shop', tags: ['a'] }],
    assign_by_session: [{ session_id: 's', stream: 'shop' }],
    assign_by_pattern: [{ cwd_like: '/home/%', start: AT, stream: 'shop' }],
    assign_by_event_ids: [{ event_ids: ['x'], stream: 'shop' }],
    assign_by_time: [{ start: AT, end: '2026-02-03T05:05:06.789Z', stream: 'shop' }],
  }),
];

export const ANCHORS = [`seal 12 ${'ab'.repeat(32)} ${AT}\nerased ${MACHINE} ${AT}\n`];

const question = {
  type: 'question',
  id: 1,
  title: 'Which?',
  options: [{ label: 'MIT' }, 'Apache'],
};
const tokens = { input_tokens: 1, output_tokens: 2 };
export const AGENT_LINES = [
  JSON.stringify(question),
  JSON.stringify({ type: 'usage', model: 'm', ...tokens, cost_usd: 0.1 }),
  JSON.stringify({ type: 'result', status: 'finished', summary: 'Done.' }),
  JSON.stringify({ type: 'tool', name: 'Bash', summary: 'ls', detail: { a: [1] } }),
];

const bash = { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'a\nb' };
const streamed = (event: object): object => ({ type: 'stream_event', event });
export const CLAUDE_LINES = [
  lines(
    { type: 'system', subtype: 'init', session_id: 's', model: 'm', tools: ['Bash'] },
    streamed({ type: 'message_start', message: { id: 'm1', model: 'm', usage: tokens } }),
    { type: 'assistant', message: { id: 'm1', content: [{ type: 'text', text: 'hi' }, bash] } },
    streamed({ type: 'message_delta', usage: { output_tokens: 20 } }),
    streamed({ type: 'message_stop' }),
    { type: 'user', message: { content: [result] }, modelUsage: null },
    { type: 'user', message: { content: 'go on', usage: null } },
    { type: 'result', subtype: 'success', result: 'Done.', total_cost_usd: 0.1, usage: tokens },
  ),
];

const asks = (id: string, request: object): object => ({
  type: 'control_request',
  request_id: id,
  request,
});
const calls = (id: number, method: string, params: object = {}): object =>
  asks(`mcp-${id}`, {
    subtype: 'mcp_message',
    server_name: 'coffee-roadmap',
    message: { jsonrpc: '2.0', id, method, params },
  });
const hello = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'claude', version: '2' },
};
const models = { m: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 3, costUSD: 0.1 } };
/** What it asks for, and what else is said in between; it does not end. */
export const CLAUDE_REQUESTS = [
  lines(
    calls(0, 'initialize', hello),
    calls(1, 'tools/list'),
    calls(2, 'tools/call', { name: 'echo', arguments: { said: 'hi' } }),
    asks('r-1', {
      subtype: 'can_use_tool',
      tool_name: 'Bash',
      input: { command: 'ls' },
      permission_suggestions: [
        { type: 'addRules', behavior: 'allow', rules: [{ toolName: 'Bash', ruleContent: 'ls' }] },
        { type: 'addDirectories', directories: ['/srv'] },
      ],
    }),
    asks('r-2', {
      subtype: 'can_use_tool',
      tool_name: 'AskUserQuestion',
      input: {
        questions: [{ question: 'Which?', header: 'Licence', options: [{ label: 'MIT' }] }],
      },
    }),
    asks('r-3', { subtype: 'hook_callback' }),
    { type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 9, error_status: 529 },
    {
      type: 'control_response',
      response: {
        subtype: 'success',
        request_id: 'usage-1',
        response: { session: { total_cost_usd: 0.1, model_usage: models } },
      },
    },
  ),
];

export const PUSHES = ['To /x\n*\trefs/heads/a:refs/heads/main\t[new branch]\nDone\n'];
export const DIFFS = [`:100644 120000 ${'a'.repeat(40)} ${'b'.repeat(40)} M\0a/b.txt\0`];
