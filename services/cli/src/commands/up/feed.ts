import type { Session } from '@coffee-roadmap/shared/db/session';
import {
  lastChangeId,
  listChangesAfter,
  type Change,
} from '@coffee-roadmap/shared/roadmap/changes-queries';
import { follow } from '../../follow';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { notificationDocument } from '../notifications/notification-document';
import { renderChange } from '../notifications/render-change';
import { createLook } from '../notifications/watch';

const WORDS: Partial<Record<Change['change'], string>> = {
  add: 'is planned',
  claim: 'is taken',
  accept: 'is accepted',
  merge: 'is merged and done',
  reopen: 'is planned again',
  retry: 'is planned again',
  release: 'is tried again later',
};

/** Shows questions, news and moves of priorities as they happen, until Ctrl-C. */
export async function showFeed(session: Session<'person'>, out: Output): Promise<void> {
  let last = await lastChangeId(session);
  const look = createLook(session, undefined);
  await follow(session, {
    channels: ['coffee_roadmap', 'coffee_notifications'],
    say: out.say,
    refresh: async () => {
      for (const change of await listChangesAfter(session, last)) {
        last = change.id;
        const words = WORDS[change.change];
        if (words !== undefined) out.event(changeDocument(change), () => line(out, change, words));
      }
      for (const note of await look()) {
        out.event({ type: 'notification', ...notificationDocument(note) }, () =>
          renderChange(out, note, new Date()),
        );
      }
      return undefined;
    },
  });
}

function line({ colours }: Output, change: Change, words: string): string {
  const time = change.changed_at.toTimeString().slice(0, 8);
  const title = stripEscapes(`${change.project}: ${change.number}. ${change.title}`);
  const by = change.change === 'merge' ? '' : `, by ${stripEscapes(change.changed_by_name)}`;
  return `${colours.dim(time)} ${title} ${words}${by}`;
}

function changeDocument(change: Change): object {
  const { project, number, title, reason, changed_by_name, changed_at } = change;
  return {
    type: 'change',
    change: change.change,
    project,
    number,
    title,
    reason,
    changed_by: changed_by_name,
    changed_at,
  };
}
