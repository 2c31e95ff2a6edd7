import { behindNeighbours } from './behind-neighbours';

it('leaves what is there in its order, and puts what is new behind its neighbour of the file', () => {
  expect(behindNeighbours([], ['1', '2'])).toEqual(['1', '2']);
  expect(behindNeighbours(['2', '1'], ['0', '1', '1.5', '1.6', '2', '3'])).toEqual(
    // Nothing that is there changes places.
    ['2', '3', '0', '1', '1.5', '1.6'],
  );
  expect(behindNeighbours(['7', '8'], ['1', '2'])).toEqual(['7', '8', '1', '2']);
});
