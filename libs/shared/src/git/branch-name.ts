import { AppError } from '../errors';

/** Every branch that the daemon makes, pushes or deletes begins so. */
export const BRANCH_PREFIX = 'roadmap/';
const MAX_LENGTH = 60;

/**
 * The branch of a priority: `roadmap/2.5-say-hello`. ASCII, at most 60 characters, always a legal
 * ref. `number` as people type it: `1`, `2.5`, `US-062`.
 */
export function branchName(number: string | number, title: string): string {
  const name = String(number);
  if (!/^(?:US-)?\d{1,9}(?:\.\d{1,9})?$/.test(name)) {
    throw new AppError('invalid_input', `${JSON.stringify(name)} is not a priority's number`);
  }
  const start = `${BRANCH_PREFIX}${name}`;
  const slug = slugOf(title)
    .slice(0, MAX_LENGTH - start.length - 1)
    .replace(/-+$/, '');
  return slug === '' ? start : `${start}-${slug}`;
}

function slugOf(title: string): string {
  return title
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The full ref of a branch that somebody named; `invalid_input` where git would refuse the name. */
export function branchRef(branch: string): string {
  const parts = branch.split('/');
  const legal =
    branch.length > 0 &&
    branch.length <= 200 &&
    branch !== 'HEAD' &&
    !branch.startsWith('-') &&
    !/[\p{Cc}\s~^:?*[\\]|\.\.|@\{/u.test(branch) &&
    !branch.endsWith('.') &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
  if (!legal) {
    throw new AppError('invalid_input', `${JSON.stringify(branch)} is not a branch name`);
  }
  return `refs/heads/${branch}`;
}
