import { parseIssue } from './issue';

it.each([
  ['42', null, 'local:42'],
  ['#42', null, 'local:42'],
  ['github:us/shop#42', null, 'github:us/shop#42'],
  ['github:42', 'github.com/us/shop', 'github:us/shop#42'],
  ['github:#42', 'github.com/us/shop', 'github:us/shop#42'],
])('%s with the remote %s is %s', (text, remote, issue) => {
  expect(parseIssue(text, remote)).toBe(issue);
});

it.each([
  ['a b', null],
  ['', null],
  ['github:42', null],
  ['github:42', 'example.org/us/shop'],
])('%p with the remote %s is none', (text, remote) => {
  expect(() => parseIssue(text, remote)).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
});
