// A program with Langfuse's newer SDK, which speaks OTLP.
// usage: langfuse-otel.mjs BASE_URL PUBLIC_KEY SECRET_KEY
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { propagateAttributes, startActiveObservation, startObservation } from '@langfuse/tracing';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const [baseUrl, publicKey, secretKey] = process.argv.slice(2);
const processor = new LangfuseSpanProcessor({
  ...{ baseUrl, publicKey, secretKey },
  ...{ environment: 'test', release: 'v1' },
});
const provider = new NodeTracerProvider({ spanProcessors: [processor] });
provider.register();

const trace = { userId: 'alice', sessionId: 'sess-1', tags: ['a'], traceName: 'session' };
const traceId = await propagateAttributes(trace, () =>
  startActiveObservation('root', async (root) => {
    root.update({ input: { q: 1 }, output: 'done' });
    const generation = startObservation(
      'claude',
      {
        model: 'claude-opus-4-5',
        input: [{ role: 'user', content: 'hi' }],
        usageDetails: { input: 1000, output: 200, cache_read_input_tokens: 500 },
      },
      { asType: 'generation' },
    );
    generation.update({ output: { role: 'assistant', content: 'hey' } }).end();
    startObservation('Bash', { input: { command: 'ls' }, output: 'ok' }, { asType: 'tool' }).end();
    startObservation('helper', { level: 'ERROR' }, { asType: 'agent' }).end();
    return root.traceId;
  }),
);
await provider.shutdown();
process.stdout.write(`${JSON.stringify({ traceId })}\n`);
