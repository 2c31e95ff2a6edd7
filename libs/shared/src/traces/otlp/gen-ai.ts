/** The OpenTelemetry conventions for generative models, and the older names that are still sent. */
import { first, grouped, parsed, type Attributes } from './attributes';
import type { OtlpSpan } from './spans';

const usage = (name: string): string => `gen_ai.usage.${name}`;

/** Tokens by kind. `gen_ai.usage.input_tokens` holds what went through the cache; ours does not. */
export function genAiUsage(attributes: Attributes): object | undefined {
  const number = (...names: string[]): number | undefined => {
    const value = first(attributes, ...names);
    return typeof value === 'number' && value >= 0 ? value : undefined;
  };
  const input = number(usage('input_tokens'), usage('prompt_tokens'));
  const output = number(usage('output_tokens'), usage('completion_tokens'));
  const read = number(usage('cache_read.input_tokens'));
  const write = number(usage('cache_creation.input_tokens'));
  const within = (read ?? 0) + (write ?? 0);
  const found = {
    input: input !== undefined && input >= within ? input - within : input,
    output,
    cache_read: read ?? number(usage('cache_read_input_tokens')),
    cache_write_5m: write ?? number(usage('cache_creation_input_tokens')),
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

const ASKED = /^gen_ai\.(system|user|assistant|tool)\.message$|^gen_ai\.content\.prompt$/;
const SAID = /^gen_ai\.choice$|^gen_ai\.content\.completion$/;

/** What was said to the model, or to the tool. */
export function genAiInput({ attributes, events }: OtlpSpan): unknown {
  const messages = parsed(first(attributes, 'gen_ai.input.messages', 'gen_ai.prompt'));
  const system = parsed(attributes.get('gen_ai.system_instructions'));
  if (messages !== undefined) return system === undefined ? messages : { system, messages };
  const tool = parsed(attributes.get('gen_ai.tool.call.arguments'));
  return (
    tool ??
    numbered(attributes, 'gen_ai.prompt.') ??
    told(events, ASKED) ??
    value(attributes, 'input')
  );
}

/** What it answered. */
export function genAiOutput({ attributes, events }: OtlpSpan): unknown {
  const messages = parsed(first(attributes, 'gen_ai.output.messages', 'gen_ai.completion'));
  const tool = parsed(attributes.get('gen_ai.tool.call.result'));
  return (
    messages ??
    tool ??
    numbered(attributes, 'gen_ai.completion.') ??
    told(events, SAID) ??
    value(attributes, 'output')
  );
}

function value(attributes: Attributes, name: 'input' | 'output'): unknown {
  return parsed(attributes.get(`${name}.value`));
}

/** [{role, content}, …] of gen_ai.prompt.0.role, gen_ai.prompt.0.content, … */
function numbered(attributes: Attributes, prefix: string): unknown {
  const fields = grouped(attributes, prefix);
  if (fields === undefined) return undefined;
  const messages = new Map<number, [string, unknown][]>();
  for (const [name, part] of Object.entries(fields)) {
    const [, at, rest] = /^(\d{1,4})\.(.{1,100})$/.exec(name) ?? [];
    if (at === undefined || rest === undefined) continue;
    messages.set(Number(at), [...(messages.get(Number(at)) ?? []), [rest, part]]);
  }
  if (messages.size === 0) return undefined;
  return [...messages].sort(([a], [b]) => a - b).map(([, parts]) => Object.fromEntries(parts));
}

/** Messages that came as events of the span. */
function told(events: OtlpSpan['events'], names: RegExp): unknown {
  const found = events.filter(({ name }) => names.test(name));
  if (found.length === 0) return undefined;
  return found.map(({ attributes }) =>
    Object.fromEntries([...attributes].map(([name, part]) => [name, parsed(part)])),
  );
}

/** Whether the event of a span is part of what was said, and not something that happened. */
export function isMessage(name: string): boolean {
  return ASKED.test(name) || SAID.test(name);
}
