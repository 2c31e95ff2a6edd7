import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdown, renderRatios } from './render';
import type { Report } from './report';

/**
 * Puts the ratios between the marks that the document has for each benchmark, with the figures of one
 * whose outcome is more than ratios, and its images beside the document. Throws for a document without them.
 */
export function writeDocument(file: string, reports: Report[]): void {
  let text = readFileSync(file, 'utf8');
  for (const report of reports) {
    const [begin, end] = [`<!-- ${report.name}: begin -->`, `<!-- ${report.name}: end -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${file} has no place for ${report.name}`);
    const parts = [...tablesOf(report), renderRatios(report)].join('\n\n');
    text = `${text.slice(0, from + begin.length)}\n\n${parts}\n\n${text.slice(to)}`;
    for (const [name, image] of Object.entries(report.images ?? {})) {
      const folder = path.join(path.dirname(file), 'images');
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, name), image);
    }
  }
  writeFileSync(file, text);
}

function tablesOf(report: Report): string[] {
  return report.tables === undefined ? [] : [report, ...report.tables].map(renderMarkdown);
}
