import { joinFacts } from './join-facts';

it('fills lines, leaves out what is empty, and never cuts', () => {
  expect(joinFacts(['one', '', 'two', 'three'], 12, 2)).toBe('  one · two\n  three');
  expect(joinFacts(['longer than the line'], 5)).toBe('longer than the line');
  expect(joinFacts([], 10)).toBe('');
});
