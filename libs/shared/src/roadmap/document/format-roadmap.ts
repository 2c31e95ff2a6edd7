import { scanCode } from './code-blocks';
import { entryText } from './entry-text';
import { BOM, eolOf, isBlank, splitLines } from './lines';
import type { RoadmapDocument } from './roadmap-document';

/**
 * Writes a ROADMAP.md. What was read and not changed comes out to the byte; a changed state, title
 * or body is rewritten in its place; an item without source gets the canonical form. Between two
 * items only what is missing is added: a line ending, a blank line around an item made by hand, the
 * end of a code block that was left open.
 */
export function formatRoadmap(document: RoadmapDocument): string {
  const { preamble, items } = document;
  const eol = eolOf(preamble + (items.find((item) => item.source)?.source?.text ?? '')) ?? '\n';
  const pieces = [preamble];
  let before = preamble;
  let apart = false;
  for (const item of items) {
    const byHand = item.source === null;
    const text = entryText(item, eol);
    pieces.push(joint(before, apart || byHand, eol), text);
    before = text;
    apart = byHand;
  }
  return pieces.join('');
}

/** What has to stand between a text and the item behind it. */
function joint(before: string, apart: boolean, eol: string): string {
  const lines = splitLines(before.startsWith(BOM) ? before.slice(BOM.length) : before);
  const last = lines.at(-1);
  if (last === undefined) return '';
  let text = last.eol.endsWith('\n') ? '' : eol;
  const { open } = scanCode(lines);
  if (open !== null) text += open.closing + eol;
  const ended = open === null && isBlank(last.text);
  return apart && !ended ? text + eol : text;
}
