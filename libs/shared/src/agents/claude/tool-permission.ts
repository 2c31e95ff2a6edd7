/** A tool use that the program may not do by itself, put to a person. */
import type { AgentHost } from '../agent';
import { cleanLine, cleanText } from '../clean-text';
import type { PermissionUpdate, ToolRequest } from './messages';
import { stableJson } from '../question-keys';

export type PermissionAnswer =
  | { behavior: 'allow'; updatedInput: unknown; updatedPermissions?: PermissionUpdate[] }
  | { behavior: 'deny'; message: string };

const ALLOW = 'Allow once';
const DENY = 'Deny';

/** More than a person reads; the rest is counted, so that nobody agrees to what is hidden. */
const MAX_SHOWN = 10_000;

/**
 * Remembers what was allowed for good; the program itself only knows it in terms of its rules.
 * `span`: what "for good" is, in words.
 */
export function createToolPermissions(
  host: Pick<AgentHost, 'ask'>,
  keyOf: (kind: 'permission', content: unknown) => string,
  span = 'attempt',
): (request: ToolRequest) => Promise<PermissionAnswer> {
  const ALWAYS = `Always allow in this ${span}`;
  const always = new Set<string>();

  return async (request) => {
    const { tool_name: tool = 'a tool', input = {} } = request;
    const asked = { tool, input: essenceOf(input) };
    const allow = { behavior: 'allow', updatedInput: input } as const;
    if (always.has(stableJson(asked))) return allow;
    const rules = sessionRules(request.permission_suggestions ?? []);
    const { answer } = await host.ask({
      key: keyOf('permission', asked),
      kind: 'permission',
      title: tool === 'Bash' ? 'May the agent run this command?' : `May the agent use ${tool}?`,
      message: describe(request),
      options: [
        { label: ALLOW },
        { label: ALWAYS, description: describeRules(rules) },
        { label: DENY, description: 'Or answer in your own words: that denies it and says why.' },
      ],
      multiple: false,
      freeText: true,
    });
    const said = answer.trim().toLowerCase();
    if (said === ALLOW.toLowerCase()) return allow;
    if (said === ALWAYS.toLowerCase()) {
      always.add(stableJson(asked));
      return rules.length === 0 ? allow : { ...allow, updatedPermissions: rules };
    }
    const message =
      said === DENY.toLowerCase() || said === ''
        ? 'A person denied this. Do not try to get it done another way: go on without it, or ask.'
        : `A person denied this and said: ${answer}`;
    return { behavior: 'deny', message };
  };
}

/** The model words a command's description anew each time; the command is what is asked about. */
function essenceOf(input: Record<string, unknown>): Record<string, unknown> {
  return 'command' in input ? { ...input, description: undefined } : input;
}

function describe({ tool_name, input = {}, description, decision_reason }: ToolRequest): string {
  const what =
    tool_name === 'Bash' && typeof input.command === 'string'
      ? input.command
      : JSON.stringify(input, null, 2);
  const hidden = what.length - MAX_SHOWN;
  const shown =
    hidden > 0 ? `${what.slice(0, MAX_SHOWN)}\n(${hidden} more characters are not shown)` : what;
  const reasons = [description, decision_reason].filter((text) => text && text !== what);
  return cleanText([shown, ...reasons].join('\n\n'), MAX_SHOWN + 2_000);
}

/** What the program proposes to allow, held in memory: nothing is written into settings. */
function sessionRules(suggestions: PermissionUpdate[]): PermissionUpdate[] {
  return suggestions
    .filter(
      ({ type, behavior }) =>
        (type === 'addRules' && behavior === 'allow') || type === 'addDirectories',
    )
    .map((suggestion) => ({ ...suggestion, destination: 'session' }));
}

function describeRules(rules: PermissionUpdate[]): string {
  const parts = rules.flatMap(({ rules: tools = [], directories = [] }) => [
    ...tools.map(({ toolName, ruleContent }) =>
      ruleContent === undefined ? `${toolName}` : `${toolName}(${ruleContent})`,
    ),
    ...directories.map((folder) => `files in ${folder}`),
  ]);
  return cleanLine(`Allows ${parts.length > 0 ? parts.join(', ') : 'exactly this'}`, 500);
}
