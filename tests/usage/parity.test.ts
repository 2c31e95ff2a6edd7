import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { importStream } from '@coffee-roadmap/shared/imports/import-stream';
import { DEFAULT_PATTERNS } from '@coffee-roadmap/shared/phrases/patterns';
import { LineRecords } from '@coffee-roadmap/shared/transcripts/scan/line-records';
import { scanTranscript } from '@coffee-roadmap/shared/transcripts/scan/scan-transcript';
import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { listUsage } from '@coffee-roadmap/shared/usage/queries';
import { randomUUID } from 'node:crypto';
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { QUIRKY } from '@coffee-roadmap/shared/transcripts/testing/usage';
import { countWithCcusage, findCcusage, type Tokens } from '../support/ccusage';
import { SEED } from '../fuzz/rounds';
import { DIFFERENCES } from './differences';
import { createTestDatabase, type TestDatabase } from '../support/database';

const program = findCcusage();
/** Milliseconds after which no new corpus is begun; more by PARITY_SECONDS when one has time. */
const BUDGET = Number(process.env.PARITY_SECONDS ?? 15) * 1000;
const SEEDS = Array.from({ length: Math.max(12, BUDGET / 1000) }, (_, i) => i + 1);

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee parity '));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** The records of a corpus as the collector writes them, in the order of the files' names. */
function* recordsOf(root: string, names: string[]): Generator<Buffer> {
  const machineId = randomUUID();
  for (const name of names.sort()) {
    const records = new LineRecords({ machineId, patterns: DEFAULT_PATTERNS });
    scanTranscript(path.join(root, name), undefined, records, Infinity);
    yield Buffer.from(records.out.bytes.subarray(0, records.out.length));
  }
}

async function countInLedger(session: Session<'person'>): Promise<Tokens> {
  const tokens: Tokens = {};
  for (const part of await listUsage(session, 'daily', { timezone: 'UTC' }))
    tokens[`${part.key} ${part.model}`] = [
      part.input_tokens,
      part.output_tokens,
      part.cache_creation_tokens,
      part.cache_read_tokens,
    ];
  return tokens;
}

const counted = (tokens: Tokens): Tokens =>
  Object.fromEntries(
    Object.entries(tokens)
      .filter(([key, values]) => !key.endsWith('<synthetic>') && values.some((value) => value > 0))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

if (program === undefined) {
  it.skip('ccusage has no native package here, so nothing is compared with it', () => undefined);
} else {
  it(
    'counts the same tokens by day and model as ccusage, but for the differences that are listed',
    async () => {
      const began = Date.now();
      let compared = 0;
      // First one that is another each time.
      for (const seed of [SEED, ...SEEDS]) {
        if (Date.now() - began > BUDGET) break;
        const corpus = makeCorpus({ seed, sessions: 5, quirks: QUIRKY });
        const root = path.join(folder, String(seed));
        writeCorpus(root, corpus);
        const alike = path.join(folder, `${seed} alike`);
        const without = Object.values(DIFFERENCES).reduce((all, take) => take(all), corpus);
        writeCorpus(alike, without);
        const login = await ensureLogin(database.superuserUrl, {
          kind: 'person',
          name: `seed ${seed}`,
          password: 'for this test only',
        });
        const session = await openSession(database.urlFor(login, 'for this test only'), 'person');
        try {
          await importStream({ session }, recordsOf(root, [...corpus.keys()]), { road: 'file' });
          const ours = counted(await countInLedger(session));
          expect({ seed, tokens: ours }).toEqual({
            seed,
            tokens: counted(countWithCcusage(program, [alike], folder)),
          });
          compared += 1;
        } finally {
          await session.close();
        }
      }
      console.log(
        `compared ${compared} of ${SEEDS.length + 1} corpora with ccusage: FUZZ_SEED=${SEED}, then 1, 2, …`,
      );
    },
    120_000 + BUDGET,
  );

  it('lists differences that are there, and all of them in docs/usage.md', () => {
    const corpora = SEEDS.slice(0, 12).map((seed) =>
      makeCorpus({ seed, sessions: 5, quirks: QUIRKY }),
    );
    const inTheDocs = readFileSync(path.join(projectRoot(), 'docs', 'usage.md'), 'utf8');
    for (const [name, takeOut] of Object.entries(DIFFERENCES)) {
      expect(inTheDocs).toContain(`| ${name}`);
      const differs = corpora.some((corpus, i) => {
        const [root, alike] = [
          path.join(folder, `${name} ${i}`),
          path.join(folder, `${name} ${i} out`),
        ];
        writeCorpus(root, corpus);
        writeCorpus(alike, takeOut(corpus));
        const count = (of: string): Tokens => countWithCcusage(program, [of], folder);
        return JSON.stringify(count(root)) !== JSON.stringify(count(alike));
      });
      expect([name, differs]).toEqual([name, true]);
    }
  }, 60_000);
}
