// A plain OpenTelemetry program with the protobuf exporter, compressed.
// usage: otel-protobuf.mjs URL AUTHORIZATION [NAME]
import { context, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const [url, Authorization, name = 'ask'] = process.argv.slice(2);
const exporter = new OTLPTraceExporter({ url, headers: { Authorization }, compression: 'gzip' });
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const tracer = provider.getTracer('plain');

const root = tracer.startSpan(name, { startTime: new Date('2026-11-21T07:00:00.000Z') });
const inRoot = trace.setSpan(context.active(), root);
const chat = tracer.startSpan('chat', { startTime: new Date('2026-11-21T07:00:00.123Z') }, inRoot);
chat.setAttributes({
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'claude-opus-4-5',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 7,
  'gen_ai.usage.cache_read.input_tokens': 60,
  list: ['a'],
  ratio: 0.5,
});
chat.recordException({ name: 'Error', message: 'no coffee' });
chat.setStatus({ code: 2, message: 'failed' });
chat.end(new Date('2026-11-21T07:00:01.456Z'));
root.end(new Date('2026-11-21T07:00:02.000Z'));
await provider.shutdown();
process.stdout.write(`${JSON.stringify({ traceId: root.spanContext().traceId })}\n`);
