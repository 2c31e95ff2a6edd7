import type { CollectSummary } from '@coffee-roadmap/shared/transcripts/collect/summary';
import { count } from '../../words';

/** What a pass found, in a line or a few. */
export function renderSummary(summary: CollectSummary): string {
  const { records, read_files, files, bytes, spooled_bytes, duration_ms } = summary;
  if (bytes === 0 && records === 0) return `Nothing new in ${count(files, 'transcript')}`;
  const first = `${number(records)} ${records === 1 ? 'record' : 'records'} from ${size(bytes)} in ${count(read_files, 'transcript')}, ${(duration_ms / 1000).toFixed(1)} s`;
  const notes = [
    [spooled_bytes, `${size(spooled_bytes)} spooled`],
    [summary.replaced_files, `${count(summary.replaced_files, 'file')} replaced or truncated`],
    [summary.vanished_files, `${count(summary.vanished_files, 'file')} vanished`],
    [summary.broken_lines, `${count(summary.broken_lines, 'broken line')} passed over`],
    [summary.refused_lines, `${count(summary.refused_lines, 'line')} with usage that cannot count`],
  ] as const;
  const told = notes.flatMap(([n, text]) => (n > 0 ? [text] : []));
  return told.length === 0 ? first : `${first}\n  ${told.join('\n  ')}`;
}

const number = (value: number): string => value.toLocaleString('en-US');

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
