import type { ViewSubmitAction } from '../bolt';
import type { ModalMetadata } from '../messages/modal';
import type { ActionContext } from './context';
import { fromView } from './from';
import { giveAnswer } from './give-answer';

/** The modal was sent. */
export async function onAnswerWords(context: ActionContext, body: ViewSubmitAction): Promise<void> {
  const { notificationId, channel } = JSON.parse(body.view.private_metadata) as ModalMetadata;
  const answer = body.view.state.values.words?.words?.value ?? '';
  const place = { channel, user: body.user.id };
  await giveAnswer(context, fromView(body), { notificationId, answer }, place);
}
