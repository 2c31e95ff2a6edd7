import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderMarkdown, renderRatios } from './render';
import type { Report } from './report';

/** Throws for a document that has no marks for one of these benchmarks. */
export function assertPlaces(file: string, names: string[]): void {
  const text = readFileSync(file, 'utf8');
  for (const name of names) placeOf(text, file, name);
}

/**
 * Puts the ratios between the marks that the document has for each benchmark, with the figures of one
 * whose outcome is more than ratios, and its images beside the document. Throws for a document without them.
 */
export function writeDocument(file: string, reports: Report[]): void {
  let text = readFileSync(file, 'utf8');
  for (const report of reports) {
    const { from, to } = placeOf(text, file, report.name);
    const parts = [...tablesOf(report), renderRatios(report)].join('\n\n');
    text = `${text.slice(0, from)}\n\n${parts}\n\n${text.slice(to)}`;
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

function placeOf(text: string, file: string, name: string): { from: number; to: number } {
  const begin = `<!-- ${name}: begin -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(`<!-- ${name}: end -->`);
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
  return { from: from + begin.length, to };
}
