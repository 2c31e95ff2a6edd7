/** What keys and tokens look like. Each shape is tried in time linear to the text. */
export interface SecretShape {
  name: string;
  pattern: RegExp;
  /** What stays of the match; default: nothing. */
  keep?: (match: string, ...groups: string[]) => string;
}

/** Not in the middle of a word: `task-1…` holds no `sk-1…`. */
const START = '(?<![A-Za-z0-9])';
/** Random characters hold a digit; names made of words often do not. */
const DIGIT_SOON = '(?=[A-Za-z0-9_-]{0,60}[0-9])';

const shape = (name: string, pattern: string, flags = 'g'): SecretShape => ({
  name,
  pattern: new RegExp(START + pattern, flags),
});

export const SECRET_SHAPES: SecretShape[] = [
  {
    name: 'private key',
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  shape('anthropic key', 'sk-ant-[A-Za-z0-9_-]{8,}'),
  shape('langfuse key', 'sk-lf-[A-Za-z0-9_-]{4,}'),
  shape('api key', `sk-${DIGIT_SOON}[A-Za-z0-9_-]{16,}`),
  shape('stripe key', '(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}'),
  shape('webhook secret', 'whsec_[A-Za-z0-9+/=]{16,}'),
  shape('github token', 'gh[pousr]_[A-Za-z0-9]{16,}'),
  shape('github token', 'github_pat_[A-Za-z0-9_]{16,}'),
  shape('gitlab token', 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{16,}'),
  shape('slack token', 'xox[a-z](?:\\.[a-z0-9]{3,8})?-[A-Za-z0-9-]{8,}'),
  shape('slack token', 'xapp-[0-9]-[A-Za-z0-9-]{8,}'),
  shape('slack webhook', 'hooks\\.slack\\.com/(?:services|workflows)/[A-Za-z0-9/_-]{16,}'),
  shape('aws key', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])'),
  shape('google key', 'AIza[A-Za-z0-9_-]{30,}'),
  shape('google token', 'ya29\\.[A-Za-z0-9_-]{16,}'),
  shape('google secret', 'GOCSPX-[A-Za-z0-9_-]{16,}'),
  shape('npm token', 'npm_[A-Za-z0-9]{30,}'),
  shape('pypi token', 'pypi-[A-Za-z0-9_-]{40,}'),
  shape('hugging face token', 'hf_[A-Za-z0-9]{24,}'),
  shape('groq key', 'gsk_[A-Za-z0-9]{24,}'),
  shape('xai key', 'xai-[A-Za-z0-9]{24,}'),
  shape('sendgrid key', 'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}'),
  shape('shopify token', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  shape('digitalocean token', 'do[oprt]_v1_[a-f0-9]{40,}'),
  shape('databricks token', 'dapi[a-f0-9]{32}'),
  shape('linear key', 'lin_(?:api|oauth)_[A-Za-z0-9]{16,}'),
  shape('age key', 'AGE-SECRET-KEY-1[A-Z0-9]{40,}'),
  shape('telegram token', '[0-9]{8,10}:AA[A-Za-z0-9_-]{32,}'),
  {
    name: 'token',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
  },
  {
    name: 'credentials',
    pattern: /\b(bearer|basic)(\s{1,4})(?!\[masked)[A-Za-z0-9._~+/=-]{12,}/gi,
    keep: (_, scheme, space) => `${scheme}${space}`,
  },
  {
    name: 'password',
    // The user's part is bounded: a long line of colons and slashes would be read again and again.
    pattern:
      /\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/?#:@"'\\]{0,100}):(?!\[masked)[^\s/?#@"'\\]{1,300}(?=@)/gi,
    keep: (_, scheme, user) => `${scheme}${user}:`,
  },
  {
    name: 'parameter',
    pattern:
      /([?&](?:access_token|refresh_token|id_token|token|api_?key|key|sig|signature|secret|password|x-amz-signature|x-goog-signature)=)(?!\[masked)[^&\s#"'\\]{6,}/gi,
    keep: (_, name) => name,
  },
  {
    name: 'secret',
    // PASSWORD=…, "api_key": "…", --token …: a value in quotes, or one that holds a digit.
    pattern:
      /((?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|account[_-]?key|credentials?)(?:\\?["'])?\s{0,4}(?:[=:]|=>)\s{0,4})(?:(\\?["'])(?!\[masked)[^"'\\\s]{6,}(?=\\?["'])|(?!\[masked)(?=[^\s"'`,;(){}[\]<>\\]{0,60}[0-9])[^\s"'`,;(){}[\]<>\\]{8,})/gi,
    keep: (_, name, quote: string | undefined) => `${name}${quote ?? ''}`,
  },
];
