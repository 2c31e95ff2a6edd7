import type { PushResult } from '../imports/push-spool';

const TEXTS_KEPT =
  'texts of messages go on waiting here: that server is too old for them, and has to be updated';

/** What somebody should know of a push that worked, a line each. */
export function pushNotes({ anew, textsKept }: PushResult): string[] {
  return [
    ...(anew
      ? ['what the database had last is no longer in this spool, so all of it was sent again']
      : []),
    ...(textsKept ? [TEXTS_KEPT] : []),
  ];
}
