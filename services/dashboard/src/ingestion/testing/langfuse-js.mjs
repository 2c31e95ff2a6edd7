// A program with the langfuse package: writes a trace, then reads it back.
// usage: langfuse-js.mjs BASE_URL PUBLIC_KEY SECRET_KEY
import { Langfuse } from 'langfuse';

const [baseUrl, publicKey, secretKey] = process.argv.slice(2);
const langfuse = new Langfuse({
  ...{ baseUrl, publicKey, secretKey },
  ...{ release: 'v1.2', environment: 'test', flushAt: 4 },
});
const warnings = [];
langfuse.on('warning', (warning) => void warnings.push(String(warning)));
langfuse.on('error', (error) => void warnings.push(String(error)));

const trace = langfuse.trace({ name: 'session', userId: 'bea', sessionId: 's', tags: ['b', 'a'] });
const span = trace.span({ name: 'tool Bash', input: { cmd: 'ls' } });
const generation = span.generation({
  name: 'claude',
  model: 'claude-opus-4-5',
  usageDetails: { input: 1000, output: 200, cache_read_input_tokens: 500 },
});
generation.end({ output: 'hey' });
span.end({ output: 'ok' });
trace.event({ name: 'hook', metadata: { h: 1 } });
trace.score({ name: 'quality', value: 0.9, comment: 'c' });
trace.update({ output: 'done' });
await langfuse.shutdownAsync();

const traceId = trace.id;
const result = {
  traceId,
  warnings,
  trace: (await langfuse.fetchTrace(traceId)).data,
  traces: await langfuse.fetchTraces({ userId: 'bea', tags: ['a'], limit: 1 }),
  noTraces: (await langfuse.fetchTraces({ name: 'none' })).data,
  sessions: (await langfuse.fetchSessions()).data,
  generations: (await langfuse.fetchObservations({ type: 'GENERATION', traceId })).data,
  observation: (await langfuse.fetchObservation(span.id)).data,
  scores: (await langfuse.api.scoreV2Get({ name: 'quality' })).data,
  health: await langfuse.api.healthHealth(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
