import { messageOf } from '@coffee-roadmap/shared/errors';
import { getNotification } from '@coffee-roadmap/shared/notifications/queries';
import { recordLook, type From } from '@coffee-roadmap/shared/slack/interaction-queries';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import type { BlockAction, BlockElementAction } from '../bolt';
import { answerOf } from '../messages/answer-elements';
import { answerModal } from '../messages/modal';
import type { ActionContext } from './context';
import { fromClick } from './from';
import { giveAnswer } from './give-answer';
import { orTell } from './or-tell';
import { tell, words, type Place } from './tell';

/** A button, a select, or Send with what is ticked. Everything was acknowledged before. */
export async function onAnswerClick(
  context: ActionContext,
  body: BlockAction,
  action: BlockElementAction,
): Promise<void> {
  const place = placeOf(body);
  const picked = pickedBy(body, action);
  if (picked === undefined) return;
  const { notificationId, indexes } = picked;
  if (indexes.length === 0) {
    await tell(context, place, words('Tick at least one option first.'));
    await look(context, fromClick(body, action), 'nothing ticked', notificationId);
    return;
  }
  await orTell(context, place, `click on question ${notificationId}`, async () => {
    const note = await persist(
      () => getNotification(context.session, notificationId),
      AbortSignal.timeout(60_000),
    );
    const answer = answerOf(note, indexes);
    await giveAnswer(context, fromClick(body, action), { notificationId, answer }, place);
  });
}

/** Slack takes the modal only within three seconds, so nothing else is asked first. */
export async function onOtherClick(
  context: ActionContext,
  body: BlockAction,
  action: BlockElementAction,
): Promise<void> {
  const notificationId = action.type === 'button' ? Number(action.value) : NaN;
  if (!Number.isSafeInteger(notificationId)) return;
  const place = placeOf(body);
  const view = answerModal({ notificationId, channel: place.channel });
  try {
    await context.client.views.open({ trigger_id: body.trigger_id, view });
  } catch (error) {
    context.log('warn', `no form for question ${notificationId}: ${messageOf(error)}`);
    const hint = 'Please click again, or reply in the thread of the question.';
    await tell(context, place, words('Slack did not open the form.', hint));
    return;
  }
  await look(context, fromClick(body, action), 'words', notificationId);
}

/** It changed nothing: where it cannot be written down, that is all that is lost. */
async function look(
  { session, log }: ActionContext,
  from: From,
  action: 'words' | 'nothing ticked',
  notificationId: number,
): Promise<void> {
  await recordLook(session, from, { action, notificationId }).catch((error: unknown) =>
    log('warn', `a click on question ${notificationId} is not written down: ${messageOf(error)}`),
  );
}

function placeOf(body: BlockAction): Place {
  const channel = body.channel?.id ?? null;
  return { channel, user: body.user.id };
}

/** Values are ours, `question:index`; anything else is ignored. */
function pickedBy(
  body: BlockAction,
  action: BlockElementAction,
): { notificationId: number; indexes: number[] } | undefined {
  if (action.type === 'button' && action.action_id === 'answer_picked') {
    const values = body.state?.values ?? body.view?.state.values ?? {};
    const ticked = values[action.block_id]?.pick?.selected_options ?? [];
    const indexes = ticked.map((option) => indexOf(option.value));
    return { notificationId: Number(action.value), indexes: indexes.sort((a, b) => a - b) };
  }
  const value =
    action.type === 'button'
      ? action.value
      : action.type === 'static_select'
        ? action.selected_option?.value
        : undefined;
  if (value === undefined || !/^\d+:\d+$/.test(value)) return undefined;
  return { notificationId: Number(value.split(':')[0]), indexes: [indexOf(value)] };
}

function indexOf(value: string | undefined): number {
  return Number(value?.split(':')[1]);
}
