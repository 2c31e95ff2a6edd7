import { AppError, ERROR_CODES } from '@coffee-roadmap/shared/errors';
import type { PullResult } from '@coffee-roadmap/shared/remotes/pull-remote';

/** What became of one remote. */
export type RemoteOutcome = { remote: string } & (
  { state: 'done'; result: PullResult } | { state: 'failed'; error: AppError }
);

export const syncDocument = (outcomes: readonly RemoteOutcome[]): object => ({
  remotes: outcomes.map((outcome) =>
    outcome.state === 'done'
      ? {
          remote: outcome.remote,
          state: 'done',
          machine_id: outcome.result.machine.id,
          label: outcome.result.machine.label,
          new_machine: outcome.result.machine.isNew,
          ...outcome.result.counts,
          anew: outcome.result.anew,
        }
      : {
          remote: outcome.remote,
          state: 'failed',
          code: outcome.error.code,
          message: outcome.error.message,
          hint: outcome.error.hint ?? null,
        },
  ),
});

/** What the whole ends with: the one failure, or, of several, what they have in common. */
export function failureOf(outcomes: readonly RemoteOutcome[]): AppError | undefined {
  const errors = outcomes.flatMap((outcome) => (outcome.state === 'failed' ? [outcome.error] : []));
  const [first] = errors;
  if (first === undefined || outcomes.length === 1) return first;
  const exits = new Set(errors.map(({ code }) => ERROR_CODES[code]));
  const code = exits.size === 1 ? first.code : 'failed';
  return new AppError(code, `${errors.length} of ${outcomes.length} remotes failed`, {
    hint: 'What came is imported. Mend what is said above, then do it again.',
  });
}
