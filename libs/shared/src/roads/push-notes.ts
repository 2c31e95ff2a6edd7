import type { PushResult } from '../imports/push-spool';

export const TEXTS_KEPT =
  'texts of messages go on waiting here: that server is too old for them, and has to be updated';

/** What somebody should know of a push that worked, a line each. */
export function pushNotes({ anew, textsKept }: PushResult): string[] {
  return [
    ...(anew ? ['the cursor was unknown to this spool, so all of it was sent again'] : []),
    ...(textsKept ? [TEXTS_KEPT] : []),
  ];
}
