import { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectKeyPair } from '@coffee-roadmap/shared/traces/queries';
import type { Request } from 'express';
import { createHash } from 'node:crypto';

const MOST = 200;

/** The key pair of `Authorization: Basic base64(public:secret)`. Throws `not_allowed` without one. */
export function readKey(request: Request): ProjectKeyPair {
  const [, encoded] =
    /^Basic +([A-Za-z0-9+/=_-]{1,1000})$/i.exec(request.get('authorization') ?? '') ?? [];
  const [, publicKey, secretKey] =
    /^([^:\0]+):([^\0]+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  if (!publicKey || !secretKey || publicKey.length > MOST || secretKey.length > MOST) {
    throw new AppError('not_allowed', 'a project’s key pair is asked for here', {
      hint: 'Basic authentication: the public key as the user, the secret key as the password.',
    });
  }
  return { publicKey, secretKey };
}

/** Tells key pairs apart without keeping them: who does not know the secret shares no limit with it. */
export function keyDigest({ publicKey, secretKey }: ProjectKeyPair): string {
  return createHash('sha256').update(`${publicKey}\0${secretKey}`).digest('base64');
}
