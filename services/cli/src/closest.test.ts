import { closest } from './closest';

it.each([
  ['roadmpa', 'roadmap'],
  ['stauts', 'status'],
  ['dameon', 'daemon'],
  ['lst', 'list'],
  ['x', undefined],
  ['something', undefined],
])('%s is meant to be %s', (word, meant) => {
  expect(closest(word, ['roadmap', 'status', 'daemon', 'list', 'people'])).toBe(meant);
});
