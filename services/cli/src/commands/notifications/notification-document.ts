import type { Notification } from '@coffee-roadmap/shared/notifications/queries';

/** A notification as --json shows it. */
export function notificationDocument(note: Notification): object {
  return {
    id: note.id,
    project: note.project,
    number: note.number,
    kind: note.kind,
    priority: note.priority,
    state: note.state,
    title: note.title,
    message: note.message,
    options: note.options,
    multiple: note.multiple,
    free_text: note.free_text,
    context: note.context,
    asked_by: note.asked_by_name,
    created_at: note.created_at,
    expires_at: note.expires_at,
    default_answer: note.default_answer,
    answer: note.answer,
    answered_by: note.answered_by_name,
    answered_via: note.answered_via,
    answered_at: note.answered_at,
  };
}

export interface Choice {
  label: string;
  description?: string;
}

/** The options of a question; the database has checked their shape. */
export function choicesOf({ options }: Pick<Notification, 'options'>): Choice[] {
  return Array.isArray(options) ? (options as unknown as Choice[]) : [];
}
