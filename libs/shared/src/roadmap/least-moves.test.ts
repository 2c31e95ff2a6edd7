import fc from 'fast-check';
import { leastMoves, type Move } from './least-moves';

function apply(present: string[], moves: Move[]): string[] {
  const order = [...present];
  for (const { number, before } of moves) {
    order.splice(order.indexOf(number), 1);
    order.splice(before === null ? order.length : order.indexOf(before), 0, number);
  }
  return order;
}

describe('leastMoves', () => {
  it('moves nothing that is in its place', () => {
    expect(leastMoves(['1', '2', '3'], ['1', '2', '3'])).toEqual([]);
  });

  it('moves the one item that changed its place', () => {
    expect(leastMoves(['1', '2', '3', '4'], ['1', '4', '2', '3'])).toEqual([
      { number: '4', before: '2' },
    ]);
    expect(leastMoves(['1', '2', '3'], ['2', '3', '1'])).toEqual([{ number: '1', before: null }]);
  });

  it('reaches any order', () => {
    const orders = fc
      .uniqueArray(fc.nat(50).map(String), { maxLength: 20 })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      );
    fc.assert(
      fc.property(orders, ([present, wanted]) => {
        const moves = leastMoves(present, wanted);
        expect(apply(present, moves)).toEqual(wanted);
        expect(moves.length).toBeLessThan(Math.max(1, present.length));
      }),
    );
  });
});
