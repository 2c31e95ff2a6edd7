import { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectKeyPair } from '@coffee-roadmap/shared/traces/queries';
import type { Request } from 'express';
import { createHash } from 'node:crypto';

const MOST = 200;

/** What a request brought is read by several who handle it. */
const read = new WeakMap<Request, ProjectKeyPair>();

/** The key pair of `Authorization: Basic base64(public:secret)`. Throws `not_allowed` without one. */
export function readKey(request: Request): ProjectKeyPair {
  const known = read.get(request);
  if (known !== undefined) return known;
  const key = parseKey(request);
  read.set(request, key);
  return key;
}

function parseKey(request: Request): ProjectKeyPair {
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

const digests = new WeakMap<ProjectKeyPair, string>();

/** Tells key pairs apart without keeping them: who does not know the secret shares no limit with it. */
export function keyDigest(key: ProjectKeyPair): string {
  const known = digests.get(key);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(`${key.publicKey}\0${key.secretKey}`).digest('base64');
  digests.set(key, digest);
  return digest;
}
