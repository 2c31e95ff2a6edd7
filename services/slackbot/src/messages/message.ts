import type { Block } from '../bolt';
import { LIMITS, plain } from './text';

/** What is posted: blocks, and the line that stands for them in notifications. */
export interface Message {
  /** Escaped already. */
  text: string;
  blocks: Block[];
}

export function section(text: string): Block {
  return { type: 'section', text: plain(text, LIMITS.section) };
}

/** Long text, with where to find the rest. */
export function longSection(text: string, rest: string): Block {
  const end = `… (cut: ${rest} shows it all)`;
  return { type: 'section', text: plain(cutWith(text, end), LIMITS.section) };
}

function cutWith(text: string, end: string): string {
  if (text.length <= LIMITS.section) return text;
  return text.slice(0, LIMITS.section - end.length).replace(/[\ud800-\udbff]$/, '') + end;
}
