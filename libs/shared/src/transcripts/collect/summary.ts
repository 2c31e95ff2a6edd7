import type { ScanResult } from './scan-task';

/** What one pass did; printed by `collect --json` as it is. */
export interface CollectSummary {
  files: number;
  read_files: number;
  vanished_files: number;
  replaced_files: number;
  bytes: number;
  lines: number;
  usage_lines: number;
  /** Usage that counts nowhere: another version's, or without what makes it count. */
  refused_lines: number;
  /** Lines that are no JSON, or only the first half of it. */
  broken_lines: number;
  /** Lines of types that hold no records. */
  passed_over: Record<string, number>;
  records: number;
  spooled_bytes: number;
  problems: { file: string; problem: string }[];
  interrupted: boolean;
  duration_ms: number;
}

export function emptySummary(): CollectSummary {
  return {
    files: 0,
    read_files: 0,
    vanished_files: 0,
    replaced_files: 0,
    bytes: 0,
    lines: 0,
    usage_lines: 0,
    refused_lines: 0,
    broken_lines: 0,
    passed_over: {},
    records: 0,
    spooled_bytes: 0,
    problems: [],
    interrupted: false,
    duration_ms: 0,
  };
}

export function addCounts(
  summary: CollectSummary,
  result: Extract<ScanResult, { kind: 'scanned' }>,
): void {
  const { counts, file } = result;
  if (!result.more) summary.read_files += 1;
  if (result.replaced) summary.replaced_files += 1;
  summary.lines += counts.lines;
  summary.usage_lines += counts.usage_lines;
  summary.refused_lines += counts.refused_lines;
  summary.broken_lines += counts.broken_lines;
  for (const [type, count] of Object.entries(counts.passed_over))
    summary.passed_over[type] = (summary.passed_over[type] ?? 0) + count;
  for (const offset of result.tooLong)
    summary.problems.push({ file, problem: `the line at byte ${offset} is too long to be read` });
  for (const offset of result.shortened)
    summary.problems.push({
      file,
      problem: `the line at byte ${offset} is long: its numbers count, phrases in its long texts do not`,
    });
}
