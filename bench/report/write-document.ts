import { readFileSync, writeFileSync } from 'node:fs';
import { renderRatios } from './render';
import type { Report } from './report';

/**
 * Puts the ratios between the marks that the document has for each benchmark. Throws for a document
 * without them.
 */
export function writeDocument(file: string, reports: Report[]): void {
  let text = readFileSync(file, 'utf8');
  for (const report of reports) {
    const [begin, end] = [`<!-- ${report.name}: begin -->`, `<!-- ${report.name}: end -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${file} has no place for ${report.name}`);
    text = `${text.slice(0, from + begin.length)}\n\n${renderRatios(report)}\n\n${text.slice(to)}`;
  }
  writeFileSync(file, text);
}
