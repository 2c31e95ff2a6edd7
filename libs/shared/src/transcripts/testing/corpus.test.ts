import { createHash } from 'node:crypto';
import { makeCorpus } from './corpus';

const hashOf = (seed: number) => {
  const hash = createHash('sha256');
  for (const [name, content] of makeCorpus({ seed })) hash.update(name).update(content);
  return hash.digest('hex');
};

it('makes the same bytes of the same seed, others of another', () => {
  expect(hashOf(1)).toBe(hashOf(1));
  expect(hashOf(1)).not.toBe(hashOf(2));
});

it('holds what makes transcripts hard to count', () => {
  const corpora = Array.from({ length: 20 }, (_, seed) => makeCorpus({ seed }));
  const names = corpora.flatMap((corpus) => [...corpus.keys()]).join('\n');
  const text = corpora.flatMap((corpus) => [...corpus.values()].map(String)).join('');
  expect(names).toMatch(/\/subagents\/agent-/);
  expect(names).toMatch(/^projects\/[^/]+\/agent-/m);
  for (const sign of ['"agent_progress"', '"<synthetic>"', '"costUSD"', '"speed":"fast"', '’re'])
    expect(text).toContain(sign);
  expect(text).toMatch(/"isSidechain":true/);
  expect(text).toMatch(/"cache_read_input_tokens":\d+,"output_tokens"/); // no split of cache writes
  expect(corpora.some((corpus) => [...corpus.values()].some((file) => file.at(-1) !== 10))).toBe(
    true,
  );
});
