import fc from 'fast-check';
import { layOutTree } from './tree';

const node = (id: string, parent_id: string | null = null) => ({ id, parent_id });
const drawn = (nodes: ReturnType<typeof node>[]): string[] =>
  layOutTree(nodes).map(({ branch, node: { id } }) => `${branch}${id}`);

it('draws children below their parents, in the order that they came', () => {
  const nodes = [
    node('c', 'a'),
    node('a'),
    node('d', 'c'),
    node('b', 'a'),
    node('e', 'b'),
    node('z'),
  ];
  expect(drawn(nodes)).toEqual(['a', '├ c', '│ └ d', '└ b', '  └ e', 'z']);
});

it('leaves nothing out and ends, whatever was reported', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'missing');
  fc.assert(
    fc.property(fc.array(fc.record({ id, parent_id: fc.option(id) })), (nodes) => {
      expect(
        layOutTree(nodes)
          .map((laid) => laid.node.id)
          .sort(),
      ).toEqual(nodes.map((one) => one.id).sort());
    }),
  );
});

it('draws a chain of 20,000 without running out of stack', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => node(`${i}`, i === 0 ? null : `${i - 1}`));
  expect(layOutTree(chain)).toHaveLength(20_000);
});
