import { SECRET_SHAPES } from './secret-shapes';

/** Something of which every secret that we know has at least one: most texts have none. */
const HINT =
  /-----BEGIN|sk[-_]|rk_|whsec|gh[pousr]_|github_pat|gl[a-z]{2,5}-|xox|xapp|slack\.com|A[KSBC][ICA]A|AIza|ya29|GOCSPX|npm_|pypi-|hf_|xai-|SG\.|shp|_v1_|dapi|lin_|AGE-|:AA|eyJ|bearer|basic|:\/\/|[?&][a-z-]+=|pass(?:word|wd|phrase)|secret|token|key|credential/i;

/** The text with `[masked …]` where a key, a token or a password stood. Masking twice changes nothing. */
export function maskSecrets(text: string): string {
  if (text.length < 8 || !HINT.test(text)) return text;
  let masked = text;
  for (const { name, pattern, keep } of SECRET_SHAPES) {
    const label = `[masked ${name}]`;
    masked = masked.replace(pattern, (match: string, ...groups: string[]) =>
      keep === undefined ? label : keep(match, ...groups) + label,
    );
  }
  return masked;
}

const SECRET_NAME =
  /(?:^|[._-])(?:password|passwd|passphrase|secret|token|authorization|cookie|api[._-]?key|private[._-]?key|access[._-]?key|secret[._-]?key|client[._-]?secret)$/i;

/** Whether a field of this name holds a secret, whatever its value looks like: `db_password`. */
export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z])([A-Z])/g, '$1_$2').slice(-60));
}
