import fc from 'fast-check';
import type { Client } from 'pg';
import { attempt } from './refusal';
import { addItem, addProject, claim, DONE, type Claim } from './steps';
import { createWorld, type World } from './world';

let world: World;
let person: Client;
let daemon: Client;
beforeAll(async () => {
  world = await createWorld();
  person = await world.as('ben');
  daemon = await world.as('daemon');
});
afterAll(() => world.close());

/** Everything that anybody can do to an item, in any state; most of it is refused in most states. */
const VERBS = [
  'accept',
  'reopen',
  'block',
  'stop',
  'retry',
  'edit',
  'claim',
  'release',
  'take over',
  'review',
  'fail',
  'no change',
  'over budget',
  'stopped',
  'merge',
  'conflict',
  'refuse',
  'later',
  'stale finish',
  'stale merge',
  'import planned',
  'import done',
  'import blocked',
  'import in_progress',
  'import in_review',
  'manual',
  'auto',
  'pause over',
  'reset',
] as const;
type Verb = (typeof VERBS)[number];

interface Run {
  project: string;
  item: number;
  held: Claim | undefined;
  stale: Claim | undefined;
}

async function act(verb: Verb, run: Run): Promise<void> {
  const { project, item, held, stale } = run;
  const ask = (sql: string, params: unknown[] = [item]) =>
    attempt(person, `select coffee.${sql}`, params);
  const end = (claimed: Claim | undefined, call: string, ...params: unknown[]) =>
    claimed === undefined
      ? undefined
      : attempt(daemon, `select daemon.${call}`, [claimed.item_id, claimed.fence, ...params]);
  const [word, rest] = verb.split(' ');
  switch (verb) {
    case 'accept':
    case 'retry':
    case 'stop':
      return void (await ask(`${verb}_item($1)`));
    case 'reopen':
    case 'block':
      return void (await ask(`${verb}_item($1, 'because')`));
    case 'edit':
      return void (await ask(`edit_item($1, null, 'another')`));
    case 'claim':
      run.stale = held ?? stale;
      run.held = (await claim(daemon, { projects: [project], grace: '5 min' })) ?? held;
      return;
    case 'take over':
      run.stale = held ?? stale;
      run.held = (await claim(daemon, { projects: [project], grace: '0 s' })) ?? held;
      return;
    case 'release':
      return void (await end(held, 'release($1, $2)'));
    case 'review':
      return void (await end(held, `finish($1, $2, 'review', null, $3)`, DONE));
    case 'fail':
      return void (await end(held, `finish($1, $2, 'failed')`));
    case 'no change':
    case 'over budget':
    case 'stopped':
      return void (await end(held, 'finish($1, $2, $3)', verb.replace(' ', '_')));
    case 'merge':
    case 'conflict':
    case 'refuse':
    case 'later': {
      const outcome = { merge: 'merged', conflict: 'conflict', refuse: 'refused', later: 'later' }[
        verb
      ];
      return void (await end(held, 'finish_merge($1, $2, $3, null)', outcome));
    }
    case 'stale finish':
      return void (await end(stale, `finish($1, $2, 'review', null, $3)`, DONE));
    case 'stale merge':
      return void (await end(stale, `finish_merge($1, $2, 'merged', null)`));
    case 'manual':
    case 'auto':
      return void (await ask('set_project($1, $2)', [project, { merge: verb }]));
    case 'pause over':
      return void (await world.root(
        'update daemon.task_queue set retry_after = null where item_id = $1',
        [item],
      ));
    case 'reset':
      return void (await attempt(await world.as('anna'), 'select coffee.reset_daemon()'));
    default: {
      const entry = { number: '1', title: 'x', state: rest, body: '', source: null };
      expect(word).toBe('import');
      await ask('import_items($1, null, $2)', [project, JSON.stringify([entry])]);
    }
  }
}

/** Moves in the history that no row of coffee.roadmap_moves allows, and where one does not follow from the last. */
const WRONG = `
  with moved as (
    select h.id, h.change::text as verb, p.kind, h.before ->> 'state' as old, h.after ->> 'state' as new,
      lag(h.after ->> 'state') over (order by h.id) as previous
    from coffee.roadmap_history h join priv.principals p on p.id = h.changed_by
    where h.item_id = $1 and h.before ? 'state')
  select * from moved m
  where m.old <> coalesce(m.previous, 'planned')
    or not exists (select from coffee.roadmap_moves l where l.from_state::text = m.old
      and l.to_state::text = m.new and l.verb = m.verb and l.by_kind = m.kind)`;
const STATE = `
  select i.state::text as real, coalesce((select h.after ->> 'state' from coffee.roadmap_history h
    where h.item_id = i.id and h.before ? 'state' order by h.id desc limit 1), 'planned') as told,
    (select count(*)::int from coffee.attempts a where a.item_id = i.id and a.ended_at is null) as open,
    (i.accepted_at is null or i.state in ('in_review', 'done')) as sane
  from coffee.roadmap_items i where i.id = $1`;

it('random verbs never move an item otherwise than coffee.roadmap_moves allows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...VERBS), { minLength: 5, maxLength: 40 }),
      async (verbs) => {
        const project = await addProject(person);
        const run: Run = {
          project,
          item: await addItem(person, project),
          held: undefined,
          stale: undefined,
        };
        for (const verb of verbs) await act(verb, run);
        expect(await world.root(WRONG, [run.item])).toEqual([]);
        const [state] = await world.root<{
          real: string;
          told: string;
          open: number;
          sane: boolean;
        }>(STATE, [run.item]);
        expect(state!.real).toBe(state!.told);
        expect(state!.open).toBe(state!.real === 'in_progress' ? 1 : 0);
        expect(state!.sane).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
}, 180_000);

it('every legal move can really be made', async () => {
  const project = await addProject(person);
  const item = await addItem(person, project);
  const run: Run = { project, item, held: undefined, stale: undefined };
  const path: Verb[] = [
    'claim',
    'review',
    'accept',
    'claim',
    'merge',
    'reopen',
    'claim',
    'fail',
    'claim',
    'over budget',
    'reopen',
    'block',
    'retry',
    'claim',
    'block',
    'reopen',
    'claim',
    'review',
    'accept',
    'claim',
    'conflict',
    'claim',
    'review',
    'block',
    'retry',
    'manual',
    'claim',
    'review',
    'accept',
    'reopen',
    'claim',
    'review',
    'reopen',
    'import blocked',
    'import done',
    'import planned',
    'import done',
    'import blocked',
    'import planned',
  ];
  for (const verb of path) await act(verb, run);
  const left = await world.root(
    `select m.verb, m.from_state, m.to_state from coffee.roadmap_moves m where not exists (
       select from coffee.roadmap_history h join priv.principals p on p.id = h.changed_by
       where h.item_id = $1 and h.before ->> 'state' = m.from_state::text
         and h.after ->> 'state' = m.to_state::text and h.change::text = m.verb and p.kind = m.by_kind)`,
    [item],
  );
  expect(left).toEqual([]);
});
