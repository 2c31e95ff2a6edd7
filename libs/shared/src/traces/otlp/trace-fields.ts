import { first, grouped, parsed, word } from './attributes';
import { about } from './observation';
import type { OtlpSpan } from './spans';

const trace = (name: string): string => `langfuse.trace.${name}`;

/** What a span says of its trace; undefined where it says nothing and is not its root. */
export function traceBodyOf(
  span: OtlpSpan,
  observed: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const { attributes } = span;
  const isRoot =
    span.parentSpanId === undefined || attributes.get('langfuse.internal.is_app_root') === true;
  const said: Record<string, unknown> = {
    name: word(attributes, trace('name')),
    userId: word(attributes, 'langfuse.user.id', 'user.id', 'enduser.id'),
    sessionId: word(attributes, 'langfuse.session.id', 'session.id', 'gen_ai.conversation.id'),
    tags: tagsOf(parsed(first(attributes, trace('tags'), 'langfuse.tags'))),
    metadata: metadataOf(span),
    input: parsed(attributes.get(trace('input'))),
    output: parsed(attributes.get(trace('output'))),
    public: attributes.get(trace('public')) === true || undefined,
  };
  const speaks = Object.values(said).some((value) => value !== undefined);
  if (!isRoot && !speaks) return undefined;
  const release = word(attributes, 'langfuse.release') ?? word(span.resource, 'service.version');
  const body = { id: span.traceId, ...said, ...about(span), release };
  if (!isRoot) return body;
  return {
    ...body,
    name: said.name ?? span.name,
    timestamp: span.startTime,
    input: said.input ?? observed.input,
    output: said.output ?? observed.output,
  };
}

function tagsOf(value: unknown): string[] | undefined {
  if (typeof value === 'string' && value !== '') return [value];
  return Array.isArray(value) ? value.filter((tag) => typeof tag === 'string') : undefined;
}

function metadataOf({ attributes }: OtlpSpan): object | undefined {
  const whole = parsed(attributes.get(trace('metadata')));
  const own = grouped(attributes, trace('metadata.'));
  if (whole !== null && typeof whole === 'object') return { ...whole, ...own };
  return own;
}
