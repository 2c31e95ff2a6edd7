import { parseAnchors } from '@coffee-roadmap/shared/audit/anchor';
import { getNewestSeal, sealAudit } from '@coffee-roadmap/shared/audit/queries';
import { verifyAudit } from '@coffee-roadmap/shared/audit/verify';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { codeOf, valueOf } from '../refusal';
import { createWorld, type World } from '../world';
import { tampered } from './tampering';

let world: World;
let auditor: Session<'auditor'>;

beforeAll(async () => {
  world = await createWorld();
  const { login, password } = world.login('auditor');
  auditor = await openSession(world.database.urlFor(login, password), 'auditor');
});
afterAll(async () => {
  await auditor.close();
  await world.close();
});

const problems = async (anchors: { n: number; hash: string }[] = []): Promise<string[]> =>
  (await verifyAudit(auditor, anchors)).findings.map(({ problem }) => problem);

/** What is found where a superuser did this; it is undone then. */
const afterwards = (sql: string, anchors: { n: number; hash: string }[] = []): Promise<string[]> =>
  tampered(world, sql, () => problems(anchors));

/** What a superuser does who knows how seals are made: everything anew, from changed entries. */
const REWRITE = `
  truncate audit.seals, audit.sealed, audit.unsealed cascade;
  update audit.payloads set payload = replace(payload, 'ben', 'mona');
  update audit.entries e set digest = sha256(p.salt || convert_to(p.payload, 'UTF8'))
    from audit.payloads p where p.entry_id = e.id;
  insert into audit.unsealed select id from audit.entries;`;

describe('sealing', () => {
  it('seals every entry once, whoever seals at the same moment', async () => {
    const people = await Promise.all(
      (['auditor', 'ben', 'daemon', 'carla', 'mona'] as const).map((who) => world.another(who)),
    );
    const writer = world.as('ben');
    const counts = await Promise.all(
      people.map(async (client, n) => {
        let sealed = 0;
        for (let round = 0; round < 12; round++) {
          if (n === 1)
            await (await writer).query(`select coffee.add_project(null, $1, '/x')`, [`p${round}`]);
          sealed += await valueOf<number>(client, 'select coffee.seal_audit(7)');
        }
        return sealed;
      }),
    );
    const late = await sealAudit(auditor);
    const facts = await world.root<Record<string, number>>(
      `select (select count(*)::int from audit.entries) as entries,
         (select count(*)::int from audit.sealed) as sealed,
         (select count(*)::int from audit.unsealed) as waiting`,
    );
    const all = counts.reduce((sum, n) => sum + n, late);
    expect(facts).toEqual([{ entries: all, sealed: all, waiting: 0 }]);
    const { findings, seals, entries, head } = await verifyAudit(auditor, []);
    expect({ findings, entries }).toEqual({ findings: [], entries: all });
    expect(head).toMatchObject({ n: seals });
    for (const client of people) await client.end();
  });

  it('does not wait for a writer, whose entry goes into a later seal', async () => {
    const slow = await world.another('ben');
    await slow.query('begin');
    await slow.query(`select coffee.add_project(null, 'slow', '/x')`);
    await (await world.as('carla')).query(`select coffee.add_project(null, 'quick', '/x')`);
    expect(await sealAudit(auditor)).toBe(1);
    await slow.query('commit');
    expect(await sealAudit(auditor)).toBe(1);
    const order = await world.root<{ late: boolean }>(
      `select (select seal_n from audit.sealed where entry_id = max(e.id) - 1)
         > (select seal_n from audit.sealed where entry_id = max(e.id)) as late from audit.entries e`,
    );
    expect(order).toEqual([{ late: true }]);
    expect(await problems()).toEqual([]);
    await slow.end();
  });

  it.each(['agent', 'slackbot', 'collector', 'nobody', 'dashboard'] as const)(
    'is refused to %s',
    async (who) => {
      expect(await codeOf(await world.as(who), 'select coffee.seal_audit()')).toBe('42501');
    },
  );

  it('lets an auditor announce the newest seal once, and nobody else', async () => {
    const client = await world.as('auditor');
    const project = (
      await world.root<{ name: string }>(
        `select t.name || '/' || p.name as name from coffee.projects p join coffee.teams t on t.id = p.team_id
       where p.archived_at is null limit 1`,
      )
    )[0]!.name;
    for (let i = 0; i < 2; i++) await client.query('select coffee.announce_seal($1)', [project]);
    const said = await world.root<{ message: string }>(
      `select message from coffee.notifications where key_scope = 'audit'`,
    );
    expect(said.map(({ message }) => parseAnchors(message)[0])).toEqual([
      { n: (await getNewestSeal(auditor))!.n, hash: (await getNewestSeal(auditor))!.hash },
    ]);
    expect(await codeOf(client, `select coffee.announce_seal('no such')`)).toBe('CR004');
    expect(await codeOf(await world.as('mona'), `select coffee.announce_seal('x')`)).toBe('42501');
  });
});

describe('audit tampering, tail cut, full rewrite against an outside anchor', () => {
  const last = '(select max(n) from audit.seals)';
  it.each([
    [
      'a payload is changed',
      `update audit.payloads set payload = replace(payload, 'ben', 'eve')`,
      'payload_changed',
    ],
    ['a payload is deleted', `delete from audit.payloads where entry_id = 3`, 'payload_missing'],
    [
      'an entry is changed together with its digest',
      `update audit.payloads set payload = '{}' where entry_id = 2;
       update audit.entries e set digest = sha256(p.salt || '{}') from audit.payloads p where p.entry_id = e.id and e.id = 2`,
      'entries_changed',
    ],
    [
      'an entry is given to somebody else',
      `update audit.entries set actor_id = null where id = 2`,
      'entries_changed',
    ],
    [
      'an entry is dated back',
      `update audit.entries set at = at - interval '1 day' where id = 2`,
      'entries_changed',
    ],
    ['an entry is deleted', `delete from audit.entries where id = 2`, 'entry_missing'],
    [
      'an entry is deleted without a trace',
      `delete from audit.entries where id = 2; delete from audit.sealed where entry_id = 2; delete from audit.payloads where entry_id = 2`,
      'entries_changed',
    ],
    [
      'an entry is slipped into a seal',
      `insert into audit.entries (id, action, digest) overriding system value values (900001, 'x', sha256('x'));
       insert into audit.sealed values (900001, 1)`,
      'entries_changed',
    ],
    [
      'an entry is kept from being sealed',
      `insert into audit.entries (id, action, digest) overriding system value values (900001, 'x', sha256('x'))`,
      'entry_unsealable',
    ],
    [
      'an entry is kept from being sealed, before the first',
      `insert into audit.entries (id, action, digest) overriding system value values (-1, 'x', sha256('x'))`,
      'entry_unsealable',
    ],
    [
      'an entry is said to be of a seal before the first',
      `insert into audit.entries (id, action, digest) overriding system value values (900001, 'x', sha256('x'));
       insert into audit.sealed values (900001, -1)`,
      'entry_unsealable',
    ],
    [
      'a payload is hidden under an erasure that nobody asked for',
      `insert into audit.erased_payloads values (3, gen_random_uuid());
       delete from audit.payloads where entry_id = 3`,
      'payload_missing',
    ],
    ...['x', 'null', '{}', '{"action": "person.erase"}'].map(
      (payload): [string, string, string] => [
        `an erasure says ${payload}`,
        `insert into audit.erasures values (gen_random_uuid(), 'person-00000000', 3);
       update audit.payloads set payload = '${payload}' where entry_id = 3`,
        'erasure_changed',
      ],
    ),
    [
      'a seal is put far behind the newest',
      `insert into audit.seals select 900000000000000, sealed_at, entries, content, previous, hash
       from audit.seals where n = 1`,
      'seal_missing',
    ],
    [
      'a seal is changed',
      `update audit.seals set entries = entries + 1 where n = 2`,
      'seal_changed',
    ],
    ['a seal in the middle is deleted', `delete from audit.seals where n = 2`, 'seal_missing'],
    ['the first seal is deleted', `delete from audit.seals where n = 1`, 'seal_missing'],
    [
      'a seal is made anew where it was',
      `update audit.seals s set sealed_at = sealed_at - interval '1 day' where n = 2;
       update audit.seals s set hash = audit.hash_of(s) where n = 2`,
      'chain_broken',
    ],
    [
      'the newest seal is deleted without its entries',
      `delete from audit.seals where n = ${last}`,
      'seal_missing',
    ],
  ])('%s', async (_title, sql, problem) => {
    expect(await afterwards(sql)).toContain(problem);
    expect(await problems()).toEqual([]);
  });

  it('the end is cut off, seals and entries alike, by an anchor and by nothing else', async () => {
    const { n, hash } = (await getNewestSeal(auditor))!;
    const cut = `
      delete from audit.payloads where entry_id in (select entry_id from audit.sealed where seal_n = ${last});
      delete from audit.entries where id in (select entry_id from audit.sealed where seal_n = ${last});
      delete from audit.sealed where seal_n = ${last};
      delete from audit.seals where n = ${last}`;
    expect(await afterwards(cut)).toEqual([]);
    expect(await afterwards(cut, [{ n, hash }])).toEqual(['anchor_missing']);
  });

  it('everything is rewritten with seals that fit, by an anchor and by nothing else', async () => {
    const anchors = [{ n: 1, hash: (await getFirst()).hash }];
    expect(await problems(anchors)).toEqual([]);
    expect(await rewritten()).toEqual([]);
    expect(await rewritten(anchors)).toEqual(['anchor_differs']);
  });
});

async function getFirst(): Promise<{ hash: string }> {
  return (
    await world.root<{ hash: string }>(
      `select encode(hash, 'hex') as hash from audit.seals where n = 1`,
    )
  )[0]!;
}

/** A superuser is no principal, so that one takes a login that is: the functions are the same. */
async function rewritten(anchors: { n: number; hash: string }[] = []): Promise<string[]> {
  const { login } = world.login('auditor');
  return afterwards(
    `${REWRITE} set session authorization ${login}; select coffee.seal_audit(100000); reset session authorization`,
    anchors,
  );
}
