import { parseRemoteName } from './remote-name';

it.each([
  'devbox',
  'ada@devbox',
  'ada.l@dev-box.example.org',
  '10.0.0.7',
  'ada@fe80::1%eth0',
  'a_b',
])('takes %s', (name) => expect(parseRemoteName(name)).toBe(name));

it.each([
  '',
  '-oProxyCommand=touch x',
  '-l',
  'me@-x',
  '-x@me',
  'a b',
  'a\tb',
  '$(id)',
  'a;b',
  "a'b",
  'a@b@c',
  '@b',
  'a@',
  'ssh://devbox',
  'a\nHost b',
  'ü',
  'x'.repeat(300),
])('takes nothing that ssh or a shell could take for more: %j', (name) => {
  expect(() => parseRemoteName(name)).toThrow('this is no name of a remote');
});
