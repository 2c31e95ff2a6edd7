import fc from 'fast-check';
import { clusterEvents, listGaps } from './clusters';
import { inferStreams, type Assignment } from './infer-streams';
import { nameOfPlace, type PlacedEvent } from './place';

let next = 0;
const event = (fields: Partial<PlacedEvent>): PlacedEvent => ({
  id: `e${(next += 1)}`,
  at: next * 1000,
  machine: 'a',
  session: null,
  folder: null,
  gitProject: null,
  assigned: null,
  ...fields,
});
const streamOf = (assignment: Assignment | undefined) =>
  assignment && ('stream' in assignment ? assignment.stream : assignment.inferred.key);

it('makes one stream for each place of each machine', () => {
  const events = [
    event({ folder: '/w/shop' }),
    event({ folder: '/w/shop', machine: 'b' }),
    event({ folder: '/w/shop/api', gitProject: 'git@host:us/shop.git' }),
    event({ folder: '/w/shop' }),
    event({}),
  ];
  const found = inferStreams(events);
  expect(events.map(({ id }) => streamOf(found.get(id)))).toEqual([
    'a:/w/shop',
    'b:/w/shop',
    'a:git@host:us/shop.git',
    'a:/w/shop',
    undefined,
  ]);
});

it('follows what its person said of a place, on that machine alone', () => {
  const said = event({ folder: '/w/shop', assigned: 'acme' });
  const here = event({ folder: '/w/shop' });
  const there = event({ folder: '/w/shop', machine: 'b' });
  const found = inferStreams([said, here, there]);
  expect(found.get(said.id)).toEqual({ by: 'person', stream: 'acme' });
  expect(found.get(here.id)).toEqual({ by: 'place', stream: 'acme' });
  expect(streamOf(found.get(there.id))).toBe('b:/w/shop');
});

it('leaves to its person what they said two things of', () => {
  const folder = '/w/shop';
  const asked = event({ folder });
  const found = inferStreams([
    event({ folder, assigned: 'x' }),
    event({ folder, assigned: 'y' }),
    asked,
  ]);
  expect(found.has(asked.id)).toBe(false);
});

it('keeps a session and its sub-agents together, wherever they went', () => {
  const parents = new Map([
    ['agent-1', 's'],
    ['agent-2', 'agent-1'],
  ]);
  const events = [
    event({ session: 's', folder: '/w/shop' }),
    event({ session: 'agent-2', folder: '/w/else' }),
    event({ session: 's' }),
  ];
  const keys = [...inferStreams(events, parents).values()].map(streamOf);
  expect(keys).toEqual(['a:/w/shop', 'a:/w/shop', 'a:/w/shop']);
  const said = event({ session: 'agent-1', assigned: 'acme' });
  const follows = inferStreams([...events, said], parents);
  for (const { id } of events) expect(follows.get(id)).toEqual({ by: 'session', stream: 'acme' });
});

it('does not hang on sessions that are each other’s parents', () => {
  const parents = new Map([
    ['x', 'y'],
    ['y', 'x'],
  ]);
  expect(inferStreams([event({ session: 'x', folder: '/w' })], parents).size).toBe(1);
});

const events = fc
  .array(
    fc.record({
      machine: fc.constantFrom('a', 'b'),
      session: fc.constantFrom('s', 't', null),
      folder: fc.constantFrom('/x', '/y', null),
      assigned: fc.constantFrom('red', null, null),
      wait: fc.integer({ min: 0, max: 60 }),
    }),
  )
  .map((list) => {
    let at = 0;
    return list.map(({ wait, machine, session, folder, assigned }, i): PlacedEvent => {
      at += wait * 60_000;
      const own = session && `${machine}-${session}`;
      const said = assigned && `${machine}-${assigned}`;
      return { id: String(i), at, machine, session: own, folder, gitProject: null, assigned: said };
    });
  });

it('never puts events of two machines into one stream, and infers each machine as if alone', () => {
  fc.assert(
    fc.property(events, (list) => {
      const found = inferStreams(list);
      for (const machine of ['a', 'b']) {
        const own = list.filter((one) => one.machine === machine);
        const alone = inferStreams(own);
        expect(
          new Map(own.flatMap(({ id }) => (found.has(id) ? [[id, found.get(id)]] : []))),
        ).toEqual(alone);
        for (const assignment of alone.values()) {
          expect(streamOf(assignment)![0]).toBe(machine);
        }
      }
    }),
  );
});

it('puts every event into one cluster of one machine and place, without a gap of half an hour', () => {
  fc.assert(
    fc.property(events, (list) => {
      const clusters = clusterEvents(list);
      expect(clusters.flatMap((cluster) => cluster.events).sort()).toEqual(
        list.map(({ id }) => id).sort(),
      );
      for (const cluster of clusters) {
        const own = list.filter(({ id }) => cluster.events.includes(id));
        expect(new Set(own.map(({ machine, folder }) => `${machine} ${folder}`)).size).toBe(1);
        expect(own.every(({ at }, i) => i === 0 || at - own[i - 1]!.at < 30 * 60_000)).toBe(true);
      }
    }),
  );
});

it('lists silences of five minutes and more', () => {
  const at = (minutes: number) => event({ at: minutes * 60_000 });
  const gaps = listGaps([at(0), at(4), at(9), at(60)]);
  expect(gaps.map(({ from, to }) => (to - from) / 60_000)).toEqual([5, 51]);
});

it.each([
  ['/home/ana/work/shop', 'shop'],
  ['/home/ana/work/shop/main', 'shop'],
  ['git@host:us/shop.git', 'shop'],
  ['C:\\work\\shop\\', 'shop'],
  ['/', '/'],
  ['main', 'main'],
])('calls %s %s', (place, name) => {
  expect(nameOfPlace(place)).toBe(name);
});
