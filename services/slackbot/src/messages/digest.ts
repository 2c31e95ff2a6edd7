import type { Digest, DigestItem } from '@coffee-roadmap/shared/slack/reading-queries';
import type { Block } from '../bolt';
import { longSection, type Message } from './message';
import { escape, LIMITS, markup, plain, usd } from './text';

const MOST = 15;

/** Done, waiting, blocked, spent: of the day that ends now. */
export function renderDigest(day: string, digest: Digest): Message {
  const spent = usd(digest.spent_usd);
  const blocks: Block[] = [{ type: 'header', text: plain(`The day to ${day}`, LIMITS.header) }];
  const part = (title: string, lines: string[], rest: string): void => {
    if (lines.length === 0) return;
    const more = lines.length > MOST ? `\n… and ${lines.length - MOST} more: ${rest}` : '';
    blocks.push({ type: 'section', text: markup(`*${title}: ${lines.length}*`) });
    blocks.push(longSection(lines.slice(0, MOST).join('\n') + more, rest));
  };
  part('Done', digest.done.map(line), 'coffee-roadmap roadmap list');
  part('To review', digest.review.map(line), 'coffee-roadmap roadmap list');
  part(
    'Waiting for an answer',
    digest.waiting.map(({ id, project, title }) => `${project}: ${title} (question ${id})`),
    'coffee-roadmap notifications list',
  );
  part('Blocked', digest.blocked.map(line), 'coffee-roadmap roadmap list');
  if (blocks.length === 1) {
    blocks.push({
      type: 'section',
      text: plain('Nothing was done and nothing waits.', LIMITS.section),
    });
  }
  blocks.push({ type: 'context', elements: [markup(`Spent: *${spent}*`)] });
  const counts = `${digest.done.length} done, ${digest.waiting.length} waiting, ${digest.blocked.length} blocked`;
  return { text: escape(`The day to ${day}: ${counts}, ${spent} spent`), blocks };
}

function line({ project, number, title }: DigestItem): string {
  return `${project} ${number}. ${title}`;
}
