import { cut, escape, moment, plain, unescape, usd } from './text';

it('cuts to a length without breaking a character in two', () => {
  expect(cut('short', 10)).toBe('short');
  expect(cut('0123456789x', 10)).toBe('012345678…');
  expect(cut('12345678🙂🙂', 10)).toBe('12345678…');
});

it('drops what moves cursors or turns the direction of writing, and keeps lines', () => {
  expect(cut('a\u0007b\u202ec\r\nd\te', 20)).toBe('abc\nd\te');
});

it('never makes an empty text, which Slack refuses', () => {
  expect(plain(' ', 10)).toEqual({ type: 'plain_text', text: '–', emoji: false });
});

it('takes the markup out of the line that notifications show', () => {
  expect(escape('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  expect(escape('<'.repeat(5000)).length).toBeLessThanOrEqual(3000);
});

it.each([
  ['a &amp; b &lt;c&gt;', 'a & b <c>'],
  ['<https://example.com>', 'https://example.com'],
  ['<https://example.com|here>', 'https://example.com'],
  ['<mailto:a@example.com|a@example.com>', 'a@example.com'],
  ['<@U1|ada> said', 'ada said'],
  ['&amp;lt;', '&lt;'],
])('reads %s as %s', (text, meant) => {
  expect(unescape(text)).toBe(meant);
});

it('writes money and moments', () => {
  expect([usd(0), usd('0.012345'), usd('12.3')]).toEqual(['$0.00', '$0.0123', '$12.30']);
  expect(moment(new Date('2026-01-31T12:30:00Z'))).toBe(
    '<!date^1769862600^{date_short_pretty} {time}|2026-01-31 12:30 UTC>',
  );
});
