/** What a span says of itself, in the words of Langfuse's own SDK or of the gen_ai conventions. */
import { grouped, parsed, word, type Attributes } from './attributes';
import {
  isCall,
  OBSERVATION_KINDS,
  type ObservationKind,
  type TraceEventType,
} from '../trace-event';
import { genAiInput, genAiOutput, genAiUsage } from './gen-ai';
import type { OtlpSpan } from './spans';

export interface Observation {
  type: TraceEventType;
  body: Record<string, unknown>;
}

export function observationOf(span: OtlpSpan): Observation {
  const { attributes } = span;
  const get = (name: string): unknown => attributes.get(`langfuse.observation.${name}`);
  const type: TraceEventType = `${kindOf(attributes)}-create`;
  const body: Record<string, unknown> = {
    id: span.spanId,
    traceId: span.traceId,
    parentObservationId: span.parentSpanId,
    name: span.name,
    startTime: span.startTime,
    ...(type === 'event-create' ? {} : { endTime: span.endTime }),
    level: get('level') ?? (span.failed ? 'ERROR' : undefined),
    statusMessage: get('status_message') ?? span.statusMessage ?? exceptionOf(span),
    ...about(span),
    input: parsed(get('input')) ?? genAiInput(span),
    output: parsed(get('output')) ?? genAiOutput(span),
    metadata: metadataOf(span),
    ...(isCall(type) ? callOf(attributes) : {}),
  };
  return { type, body };
}

/** Where and of what version it ran; of a trace as well. */
export function about({ attributes, resource }: OtlpSpan): Record<string, unknown> {
  return {
    version: word(attributes, 'langfuse.version'),
    environment:
      word(attributes, 'langfuse.environment', 'deployment.environment.name') ??
      word(
        resource,
        'langfuse.environment',
        'deployment.environment.name',
        'deployment.environment',
      ),
  };
}

const MODEL_CALLS = ['chat', 'generate_content', 'text_completion', 'completion'];

function kindOf(attributes: Attributes): ObservationKind | 'event' {
  const said = String(attributes.get('langfuse.observation.type')).toLowerCase();
  const known = [...OBSERVATION_KINDS, 'event' as const].find((kind) => kind === said);
  if (known !== undefined) return known;
  const operation = attributes.get('gen_ai.operation.name');
  if (operation === 'embeddings') return 'embedding';
  if (operation === 'execute_tool') return 'tool';
  // An agent's span repeats the tokens of the calls below it: as a call they would be paid twice.
  if (typeof operation === 'string' && /agent|workflow/.test(operation)) return 'agent';
  if (MODEL_CALLS.includes(String(operation))) return 'generation';
  const model = word(attributes, 'gen_ai.request.model', 'gen_ai.response.model');
  return model !== undefined && operation === undefined ? 'generation' : 'span';
}

const PARAMETERS = ['temperature', 'top_p', 'top_k', 'max_tokens', 'frequency_penalty', 'seed'];

function callOf(attributes: Attributes): Record<string, unknown> {
  const get = (name: string): unknown => attributes.get(`langfuse.observation.${name}`);
  const parameters = PARAMETERS.map((name) => [name, attributes.get(`gen_ai.request.${name}`)]);
  const given = parameters.filter(([, value]) => value !== undefined);
  return {
    model: get('model.name') ?? word(attributes, 'gen_ai.response.model', 'gen_ai.request.model'),
    modelParameters:
      parsed(get('model.parameters')) ?? (given.length > 0 ? Object.fromEntries(given) : undefined),
    usageDetails: parsed(get('usage_details')) ?? genAiUsage(attributes),
    costDetails: parsed(get('cost_details')) ?? costOf(attributes),
    messageId: word(attributes, 'gen_ai.response.id'),
    completionStartTime: parsed(get('completion_start_time')),
    promptName: get('prompt.name'),
    promptVersion: get('prompt.version'),
  };
}

function costOf(attributes: Attributes): object | undefined {
  const total = attributes.get('gen_ai.usage.cost');
  return typeof total === 'number' ? { total } : undefined;
}

function exceptionOf({ events, failed }: OtlpSpan): unknown {
  if (!failed) return undefined;
  return events.find(({ name }) => name === 'exception')?.attributes.get('exception.message');
}

/** Of the machine only the service's name: its command line and users concern nobody. */
function metadataOf({ attributes, resource, scope }: OtlpSpan): object {
  const own = grouped(attributes, 'langfuse.observation.metadata.');
  const whole = parsed(attributes.get('langfuse.observation.metadata'));
  const others = [...attributes].filter(([name]) => !MAPPED.test(name));
  return {
    ...(whole !== null && typeof whole === 'object' ? whole : {}),
    ...own,
    ...(others.length > 0 ? { attributes: Object.fromEntries(others) } : {}),
    ...(resource.get('service.name') ? { service: resource.get('service.name') } : {}),
    ...(scope ? { scope } : {}),
  };
}

/** What has a field of its own, or is content. */
const MAPPED =
  /^(langfuse\.|user\.id$|session\.id$|gen_ai\.(usage|prompt|completion|input|output|request\.model|response\.(model|id)|system_instructions|tool\.call)|input\.value$|output\.value$)/;
