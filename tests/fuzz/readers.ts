import { parseLine as parseProgramLine } from '@coffee-roadmap/shared/agents/command/protocol';
import { parseClaudeLine } from '@coffee-roadmap/shared/agents/claude/messages';
import { createObserver } from '@coffee-roadmap/shared/agents/claude/observer';
import { parseTranscriptCalls } from '@coffee-roadmap/shared/agents/claude/transcript-calls';
import { parseAnchors, parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import { parsePushReport } from '@coffee-roadmap/shared/git/push-ref';
import { parseRawDiff } from '@coffee-roadmap/shared/git/raw-diff';
import { readDays } from '@coffee-roadmap/shared/move-ins/absolutelyright/read-days';
import { DEFAULT_PATTERNS } from '@coffee-roadmap/shared/phrases/patterns';
import { parseExportHeader, parseExportTrailer } from '@coffee-roadmap/shared/records/export-frame';
import { parseHello, parsePullRequest } from '@coffee-roadmap/shared/records/handshake';
import { parseLine } from '@coffee-roadmap/shared/records/parse-line';
import { MACHINE } from '@coffee-roadmap/shared/records/testing/usage-record';
import { parseRoadmap } from '@coffee-roadmap/shared/roadmap/document/parse-roadmap';
import { parseEntry } from '@coffee-roadmap/shared/shards/machine-entry';
import { manifestEntries, parseJson } from '@coffee-roadmap/shared/shards/manifest';
import { readV1 } from '@coffee-roadmap/shared/shards/read-v1';
import { parseManifestV1 } from '@coffee-roadmap/shared/shards/v1-manifest';
import { parseClassification } from '@coffee-roadmap/shared/time/classify/parse-classification';
import { parseDuration } from '@coffee-roadmap/shared/time/durations/parse-duration';
import { readHookLine } from '@coffee-roadmap/shared/time/hooks/read-hook-line';
import langfuse from '@coffee-roadmap/shared/traces/fixtures/langfuse-3.39-batch.json';
import otel from '@coffee-roadmap/shared/traces/fixtures/langfuse-otel-5-export.json';
import { readLangfuseBatch } from '@coffee-roadmap/shared/traces/langfuse-batch';
import { readOtlpExport } from '@coffee-roadmap/shared/traces/otlp/read-export';
import { LineRecords } from '@coffee-roadmap/shared/transcripts/scan/line-records';
import { scanTranscript } from '@coffee-roadmap/shared/transcripts/scan/scan-transcript';
import { makeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import * as samples from './samples';
import { asFile, type Reader } from './reader';

/** Every record that comes out of a transcript is one that the receiving side takes. */
function collect(text: string): string[] {
  const records = new LineRecords({ machineId: MACHINE, patterns: DEFAULT_PATTERNS });
  const file = asFile(text);
  let state;
  for (let more = true; more;) ({ more, state } = scanTranscript(file, state, records, 1 << 16));
  const said = records.out.bytes.toString('utf8', 0, records.out.length).split('\n').slice(0, -1);
  for (const line of said)
    if (parseLine(line).kind !== 'record') throw new Error(`no record: ${line.slice(0, 300)}`);
  return said;
}

const corpus = [...makeCorpus({ seed: 7, sessions: 3, messages: 6, outputSize: 200 }).values()];
const transcripts = corpus.map(String);
const json = (text: string): unknown => parseJson(text);
const object = (text: string) => (json(text) ?? {}) as Record<string, unknown>;

/** What reads transcripts, records, documents, and what programs say. */
export const READERS: readonly Reader[] = [
  ['a transcript', transcripts, collect],
  ['a transcript’s calls', transcripts, parseTranscriptCalls],
  ['a record', samples.RECORDS, parseLine],
  ['a record, as bytes', samples.RECORDS, (text) => parseLine(Buffer.from(text, 'latin1'))],
  ['the first line of an export', samples.FRAMES, (text) => parseExportHeader(object(text))],
  ['the last line of an export', samples.FRAMES, (text) => parseExportTrailer(object(text))],
  ['a greeting', samples.FRAMES, parseHello],
  ['what is asked for', samples.FRAMES, parsePullRequest],
  ['ROADMAP.md', samples.ROADMAPS, parseRoadmap],
  ['a batch of Langfuse’s', [JSON.stringify(langfuse)], (t) => readLangfuseBatch(json(t), 'full')],
  ['an export of OpenTelemetry', [JSON.stringify(otel)], (t) => readOtlpExport(json(t), 'masked')],
  [
    'a manifest',
    samples.MANIFESTS,
    (text) => manifestEntries(json(text)).map((e) => parseEntry(e)),
  ],
  ['a machine’s entry', samples.ENTRIES, (text) => parseEntry(json(text))],
  ['a manifest of ccu', samples.MANIFESTS, (text) => parseManifestV1(json(text))],
  ['a file of ccu', samples.CCU_FILES, (text) => readV1(text, 'ada')],
  ['a phrase counter’s file', samples.COUNTS, (text) => [...readDays(asFile(text))]],
  ['a hook’s line', samples.HOOK_LINES, (text) => readHookLine(text, MACHINE, () => null)],
  ['a classification', samples.CLASSIFICATIONS, parseClassification],
  ['an anchor', samples.ANCHORS, parseAnchors],
  ['an erasure', samples.ANCHORS, parseErasures],
  ['a duration', ['1h30m', '90m', '1:30', '1.5h'], (text) => parseDuration(text)],
  ['what an agent prints', samples.AGENT_LINES, parseProgramLine],
  ['what Claude Code prints', samples.CLAUDE_LINES, observe],
  ['what git says of a push', samples.PUSHES, (text) => parsePushReport(text, 'refs/heads/main')],
  ['what git says of a change', samples.DIFFS, parseRawDiff],
];

function observe(text: string): unknown {
  const told: unknown[] = [];
  const observer = createObserver((trace) => told.push(trace), 'Do it.');
  for (const line of text.split('\n')) {
    const said = parseClaudeLine(line);
    if (said !== undefined) observer.line(said);
  }
  return told;
}
