/** What tells who or where somebody is, beside secrets; each in time linear to the text. */
const SHAPES: [RegExp, string][] = [
  // The part before the @ is bounded, and begins where a word begins.
  [/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '[masked e-mail]'],
  [/(\/(?:home|Users)\/)[^/\s"'\\:]{1,64}/g, '$1[masked]'],
  [/([A-Za-z]:\\{1,2}Users\\{1,2})[^\\\s"']{1,64}/g, '$1[masked]'],
  [/(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g, '[masked address]'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])/gi, '[masked address]'],
  [/(?<![\w.+-])\+?\d[\d ()/-]{7,20}\d(?![\w-])/g, '[masked number]'],
  // Hashes, keys of makes that we do not know, encoded files.
  [/(?<![A-Za-z0-9+/_=-])(?=[A-Za-z+/_-]{0,60}\d)[A-Za-z0-9+/_-]{32,}={0,2}/g, '[masked text]'],
];

/** Characters kept of a text. */
const MOST = 2_000;

/** For people who want to see how a run went, and not what was in it: shortened and without names. */
export function maskPrivate(text: string): string {
  const cut = text.length > MOST ? `${text.slice(0, MOST)}…` : text;
  return SHAPES.reduce((so, [pattern, mask]) => so.replace(pattern, mask), cut);
}
