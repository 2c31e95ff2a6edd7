import type { View } from '../bolt';
import { LIMITS, plain } from './text';

/** Where the answer's outcome is told. */
export interface ModalMetadata {
  notificationId: number;
  /** Null in the App Home. */
  channel: string | null;
}

export const ANSWER_VIEW = 'answer_in_words';

/** "Something else…": an answer in one's own words. */
export function answerModal(metadata: ModalMetadata): View {
  return {
    type: 'modal',
    callback_id: ANSWER_VIEW,
    private_metadata: JSON.stringify(metadata),
    title: plain(`Question ${metadata.notificationId}`, 24),
    submit: plain('Answer', 24),
    close: plain('Not now', 24),
    blocks: [
      {
        type: 'input',
        block_id: 'words',
        label: plain('Your answer', LIMITS.option),
        element: {
          type: 'plain_text_input',
          action_id: 'words',
          multiline: true,
          max_length: LIMITS.answer,
        },
      },
    ],
  };
}
