import fc from 'fast-check';
import { KnowledgeByMachine } from '../recompute/knowledge';
import type { KnownSession, Said } from '../recompute/queries';
import { assignStream, type Assignment } from './assign-stream';
import { clusterEvents, listGaps } from './clusters';
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

const said = (
  machine: string,
  subject: Said['subject'],
  key: string,
  ...streams: string[]
): Said => ({
  ...{ machine, subject, key, streams },
});
const session = (name: string, top: string, place: string | null, machine = 'a'): KnownSession => ({
  ...{ machine, session: name, type: null, top, place },
});
const assign = (
  events: readonly PlacedEvent[],
  what: readonly Said[] = [],
  sessions: readonly KnownSession[] = [],
): (Assignment | undefined)[] => {
  const known = new KnowledgeByMachine({ said: what, repositories: [] });
  known.learn(sessions);
  return events.map((one) => assignStream(one, known.of(one.machine)));
};

it('makes one stream for each place of each machine', () => {
  const events = [
    event({ folder: '/w/shop' }),
    event({ folder: '/w/shop', machine: 'b' }),
    event({ folder: '/w/shop/api', gitProject: 'git@host:us/shop.git' }),
    event({ folder: '/w/shop' }),
    event({}),
  ];
  expect(assign(events).map(streamOf)).toEqual([
    'a:/w/shop',
    'b:/w/shop',
    'a:git@host:us/shop.git',
    'a:/w/shop',
    undefined,
  ]);
});

it('follows what its person said of a place, on that machine alone', () => {
  const folder = '/w/shop';
  const events = [
    event({ folder, assigned: 'acme' }),
    event({ folder }),
    event({ folder, machine: 'b' }),
  ];
  const [own, here, there] = assign(events, [said('a', 'place', folder, 'acme')]);
  expect(own).toEqual({ by: 'person', stream: 'acme' });
  expect(here).toEqual({ by: 'place', stream: 'acme' });
  expect(streamOf(there)).toBe('b:/w/shop');
});

it('leaves to its person what they said two things of', () => {
  const folder = '/w/shop';
  const two = [said('a', 'place', folder, 'x', 'y'), said('a', 'session', 's', 'x', 'y')];
  const events = [event({ folder }), event({ folder: '/w/else', session: 's' })];
  expect(assign(events, two)).toEqual([undefined, undefined]);
});

it('keeps a session and its sub-agents together, wherever they went', () => {
  const sessions = [
    session('s', 's', '/w/shop'),
    session('agent-1', 's', null),
    session('agent-2', 's', null),
  ];
  const events = [
    event({ session: 's', folder: '/w/shop' }),
    event({ session: 'agent-2', folder: '/w/else' }),
    event({ session: 's' }),
  ];
  const keys = assign(events, [], sessions).map(streamOf);
  expect(keys).toEqual(['a:/w/shop', 'a:/w/shop', 'a:/w/shop']);
  const told = assign(events, [said('a', 'session', 's', 'acme')], sessions);
  for (const one of told) expect(one).toEqual({ by: 'session', stream: 'acme' });
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

const machines = fc.constantFrom('a', 'b');
const whatIsSaid = fc.array(
  fc
    .tuple(machines, fc.constantFrom('/x', '/y', 's', 't'), fc.subarray(['red', 'blue']))
    .filter(([, , streams]) => streams.length > 0)
    .map(([machine, key, streams]) => {
      const own = streams.map((name) => `${machine}-${name}`);
      return key.startsWith('/')
        ? said(machine, 'place', key, ...own)
        : said(machine, 'session', `${machine}-${key}`, ...own);
    }),
);
const sessionsOf = fc.array(
  fc
    .tuple(machines, fc.constantFrom('s', 't'), fc.constantFrom('/x', '/y', null))
    .map(([machine, name, place]) =>
      session(`${machine}-${name}`, `${machine}-${name}`, place, machine),
    ),
);

it('never puts events of two machines into one stream, and infers each machine as if alone', () => {
  fc.assert(
    fc.property(events, whatIsSaid, sessionsOf, (list, what, sessions) => {
      const found = assign(list, what, sessions);
      for (const machine of ['a', 'b']) {
        const isOwn = (one: { machine: string }): boolean => one.machine === machine;
        const own = found.filter((_, i) => isOwn(list[i]!));
        const alone = assign(list.filter(isOwn), what.filter(isOwn), sessions.filter(isOwn));
        expect(own).toEqual(alone);
        for (const one of own) if (one !== undefined) expect(streamOf(one)![0]).toBe(machine);
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
