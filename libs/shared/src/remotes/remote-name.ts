import { AppError } from '../errors';

const USER = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}$/;
const HOST = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|[0-9A-Fa-f:]{2,45}(?:%[A-Za-z0-9]{1,15})?)$/;

/**
 * An alias of ssh's configuration, or user@host. Whatever ssh or a shell could take for more than a
 * name is refused: a dash in front, spaces, quotes, dollars. Throws `invalid_input`.
 */
export function parseRemoteName(text: string): string {
  const [host = '', user, ...more] = text.split('@').reverse();
  if (more.length === 0 && HOST.test(host) && (user === undefined || USER.test(user))) return text;
  throw new AppError('invalid_input', `this is no name of a remote: ${text.slice(0, 100)}`, {
    hint: 'Name an alias of ~/.ssh/config, or user@host; a port or a proxy belongs into that file.',
  });
}
