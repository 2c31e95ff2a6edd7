/**
 * The text with what stands before `@` in its URLs replaced by `***`: tokens are found in the
 * user's part as often as in the password's. A bare `ssh://git@` holds no secret and stays.
 */
export function maskCredentials(text: string): string {
  return text.replace(
    /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#]*)@/gi,
    (whole, scheme: string, user: string) =>
      scheme.toLowerCase().startsWith('ssh') && /^[\w.-]+$/.test(user) ? whole : `${scheme}***@`,
  );
}
