import { AppError } from '@coffee-roadmap/shared/errors';
import type { Stream } from '@coffee-roadmap/shared/time/queries';

/** By number or by name. Throws `not_found`, and `conflict` where several have the name. */
export function selectStream(streams: readonly Stream[], wanted: string): Stream {
  const byId = streams.find(({ id }) => id === wanted.replace(/^#/, ''));
  if (byId !== undefined) return byId;
  const named = streams.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (named.length === 1) return named[0]!;
  if (named.length === 0)
    throw new AppError('not_found', `you have no stream "${wanted}"`, {
      hint: 'List them: coffee-roadmap streams list --all.',
    });
  throw new AppError('conflict', `"${wanted}" is ${named.length} of your streams`, {
    hint: `Name one by its number: ${named.map(({ id, machine }) => `${id} (${machine})`).join(', ')}.`,
  });
}
