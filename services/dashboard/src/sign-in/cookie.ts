import type { CookieOptions, Request, Response } from 'express';

/** How the session's token travels: readable by no script, and sent to nobody else. */
export interface SessionCookie {
  read(request: Request): string | undefined;
  write(response: Response, token: string, expiresAt: Date): void;
  clear(response: Response): void;
}

/**
 * Browsers keep cookies by host and send them to every port of it: the port is in the name, so that
 * two dashboards on one machine do not take each other's.
 */
export function createSessionCookie(options: { secure: boolean; port: number }): SessionCookie {
  const name = options.secure ? '__Host-coffee-roadmap' : `coffee-roadmap-${options.port}`;
  const settings: CookieOptions = {
    httpOnly: true,
    sameSite: 'strict',
    secure: options.secure,
    path: '/',
  };
  return {
    read(request) {
      const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
      return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    },
    write: (response, token, expiresAt) =>
      void response.cookie(name, token, { ...settings, expires: expiresAt }),
    clear: (response) => void response.clearCookie(name, settings),
  };
}
