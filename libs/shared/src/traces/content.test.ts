import fc from 'fast-check';
import { cleanContent, cleanName } from './content';

test('keeps what is plain as it is', () => {
  const plain = { a: [1, -0.5, true, null, 'text', { b: 'ünïcödé 🦊' }] };
  expect(cleanContent(plain, 'full')).toEqual(plain);
});

test('takes out what the database cannot hold', () => {
  const lone = String.fromCharCode(0xd83e);
  expect(cleanContent({ ['a\0b']: `x\0y${lone}z`, n: Infinity }, 'full')).toEqual({
    ab: 'xy\ufffdz',
    n: null,
  });
});

test('masks by what a value looks like, and by the name of its field', () => {
  const secret = ['sk', 'ant', 'api03', 'aB3dE5fG7hI9'].join('-');
  expect(cleanContent({ note: secret, nested: { password: 'tr0ub4dor' } }, 'full')).toEqual({
    note: '[masked anthropic key]',
    nested: { password: '[masked secret]' },
  });
});

test('masked tells neither who nor where; none tells nothing', () => {
  const text = 'ada@example.org in /home/ada/src at 10.1.2.3, call +49 170 1234567';
  expect(cleanContent(text, 'masked')).toBe(
    '[masked e-mail] in /home/[masked]/src at [masked address], call [masked number]',
  );
  expect(cleanContent(text, 'full')).toBe(text);
  expect(cleanContent(text, 'none')).toBeUndefined();
  expect(String(cleanContent('x'.repeat(9_000), 'masked')).length).toBeLessThan(2_100);
});

test('files within texts are named and not kept', () => {
  const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(20)}`;
  expect(cleanContent({ url: picture }, 'full')).toEqual({
    url: `[image/png, ${picture.length} characters]`,
  });
});

test('a secret is not saved by standing where a text is cut', () => {
  const secret = ['sk', 'ant', 'api03', 'aB3dE5fG7hI9'].join('-');
  const text = `${'x'.repeat(199_990)} ${secret} ${'y'.repeat(5_000)}`;
  expect(cleanContent(text, 'full')).not.toContain('aB3d');
  expect(cleanName(`${'x'.repeat(95)} ${secret}`, 100)).not.toContain('aB3');
});

test('anything at all comes out bounded, as JSON, the same every time', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('full', 'masked'), (value, content) => {
      const once = cleanContent(value, content as 'full');
      expect(JSON.parse(JSON.stringify(once ?? null))).toEqual(once ?? null);
      expect(cleanContent(once, content as 'full')).toEqual(once);
    }),
  );
});

test('depth, breadth and length have an end', () => {
  let deep: unknown = 'bottom';
  for (let level = 0; level < 5_000; level += 1) deep = level % 2 === 0 ? [deep] : { deep };
  expect(JSON.stringify(cleanContent(deep, 'full')).length).toBeLessThan(1_000);
  const broad = cleanContent(
    Array.from({ length: 100_000 }, () => [1]),
    'full',
  );
  expect((broad as unknown[]).length).toBeLessThanOrEqual(20_001);
  const long = cleanContent(
    Array.from({ length: 50 }, () => 'x'.repeat(100_000)),
    'full',
  );
  expect(JSON.stringify(long).length).toBeLessThan(500_000);
});
