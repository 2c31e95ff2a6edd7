import { calledAs, nameInHint, nameInLines } from './called-as';

const NPX = 'npx coffee-roadmap';

describe('calledAs', () => {
  it.each([
    ['/repo/node_modules/.bin/coffee-roadmap', 'status', NPX],
    ['/repo/dist/coffee-roadmap.js', 'up', NPX],
    ['/repo/dist/coffee-roadmap.js', 'status', 'coffee-roadmap'],
    ['/usr/local/bin/coffee-roadmap', 'up', 'coffee-roadmap'],
  ])('%s %s: %s', (script, verb, expected) => {
    expect(calledAs(['node', script, verb])).toBe(expected);
  });
});

describe('names the program as it was called', () => {
  it('where lines begin, coloured or not, and after a colon', () => {
    const text =
      'see:\n  coffee-roadmap respond 2\n\x1b[2mcoffee-roadmap up\x1b[22m\nnow: coffee-roadmap up, not coffee-roadmap up';
    expect(nameInLines(text, NPX)).toBe(
      'see:\n  npx coffee-roadmap respond 2\n\x1b[2mnpx coffee-roadmap up\x1b[22m\nnow: npx coffee-roadmap up, not coffee-roadmap up',
    );
    expect(nameInLines(text, 'coffee-roadmap')).toBe(text);
  });

  it('anywhere in a hint, once', () => {
    const hint = 'Run npm start; coffee-roadmap login URL or npx coffee-roadmap status.';
    expect(nameInHint(hint, NPX)).toBe(
      'Run npm start; npx coffee-roadmap login URL or npx coffee-roadmap status.',
    );
    expect(nameInHint('/tmp/coffee-roadmap is closed', NPX)).toBe('/tmp/coffee-roadmap is closed');
  });
});
