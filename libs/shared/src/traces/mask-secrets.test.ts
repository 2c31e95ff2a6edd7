import fc from 'fast-check';
import { maskSecrets, namesSecret } from './mask-secrets';

/** Put together here, so that no scanner takes this file for a leak. */
const made = (...parts: string[]): string => parts.join('');
const R = 'aB3dE5fG7hI9jK1mN0pQ';

const SECRETS: [string, string][] = [
  ['anthropic', made('sk-', 'ant-api03-', R, '_', R)],
  ['openai', made('sk-', 'proj-', R)],
  ['openai, old', made('sk-', R, R)],
  ['langfuse', made('sk-', 'lf-12345678-1234-1234-1234-123456789abc')],
  ['stripe', made('sk_', 'live_', R)],
  ['github', made('ghp_', R, R)],
  ['github, fine', made('github_', 'pat_', R, '_', R)],
  ['gitlab', made('glpat', '-', R)],
  ['slack', made('xoxb', '-123456789012-', R)],
  ['slack app', made('xapp', '-1-A0123-', R)],
  ['aws', made('AKIA', 'ABCDEFGHIJKLMNOP')],
  ['google', made('AIza', R, R)],
  ['npm', made('npm_', R, R)],
  ['hugging face', made('hf_', R, R)],
  ['jwt', made('eyJ', 'hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.', R)],
  [
    'pem',
    made('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIE\n', R, '\n-----END RSA PRIVATE KEY-----'),
  ],
];

test.each(SECRETS)('masks the key of %s wherever it stands', (_, secret) => {
  for (const text of [
    secret,
    `key ${secret} end`,
    `"${secret}"`,
    `x=${secret}`,
    `{"a":"${secret}"}`,
  ]) {
    const masked = maskSecrets(text);
    expect(masked).toContain('[masked');
    expect(masked).not.toContain(secret);
    expect(masked).not.toContain(R);
  }
});

test.each([
  [`Authorization: Bearer ${R}`, 'Authorization: Bearer [masked credentials]'],
  ['postgres://ada:hunter2@db:5432/x', 'postgres://ada:[masked password]@db:5432/x'],
  ['https://x.test/a?token=abcdef123&b=2', 'https://x.test/a?token=[masked parameter]&b=2'],
  ['DB_PASSWORD=hunter2hunter2', 'DB_PASSWORD=[masked secret]'],
  ['"api_key": "abcdefgh"', '"api_key": "[masked secret]"'],
  ['{\\"password\\": \\"tr0ub4dor\\"}', '{\\"password\\": \\"[masked secret]\\"}'],
])('masks what stands beside a telling name: %s', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
});

test.each([
  'task-management-and-other-things',
  'const token: string = readToken();',
  'password = prompt("Password: ")',
  'see https://example.org/a/b?page=2&sort=name',
  'sk-fading-circle-container',
  'The secret is out: everybody knows.',
  'eyJ is how a token begins',
])('leaves alone what is none: %s', (text) => {
  expect(maskSecrets(text)).toBe(text);
});

test('tells fields that hold secrets by their names', () => {
  for (const name of [
    'password',
    'db_password',
    'apiKey',
    'x-api-key',
    'Authorization',
    'authToken',
  ]) {
    expect([name, namesSecret(name)]).toEqual([name, true]);
  }
  for (const name of ['max_tokens', 'usage', 'keyboard', 'passenger', 'secretary', 'tokens']) {
    expect([name, namesSecret(name)]).toEqual([name, false]);
  }
});

test('masking twice changes nothing, and no text is too odd', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
    fc.constantFrom(
      'password=',
      'token: "',
      'Bearer ',
      'https://a:',
      '@',
      '-----BEGIN ',
      'eyJ',
      '?key=',
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const once = maskSecrets(parts.join(''));
      expect(maskSecrets(once)).toBe(once);
    }),
  );
});

test('a key is found behind much that looks like the beginning of one, and masking again changes nothing', () => {
  const bait = [
    ...['sk-', 'eyJ', 'a:', '://', 'x://a:', 'token=', 'password:"', 'bearer ', '?key='],
    ...['-----BEGIN PRIVATE KEY-----', 'a.', '0:AA', '\\', '"', 'SG.', 'glpat-', 'hf_', ' '],
  ];
  for (const piece of bait) {
    // What is tried again and again from every place would take hours of a text so long.
    const text = piece.repeat(Math.ceil(200_000 / piece.length));
    const [, secret] = SECRETS[0]!;
    const masked = maskSecrets(`${text}\n${secret}\n`);
    expect([piece, masked.includes(secret)]).toEqual([piece, false]);
    expect(maskSecrets(masked) === masked).toBe(true);
  }
});
