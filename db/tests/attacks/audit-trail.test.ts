import { EVERYBODY } from '../logins';
import { codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('audit tampering, tail cut, full rewrite against an outside anchor', () => {
  it.each(EVERYBODY)('%s adds, changes and removes no entry', async (who) => {
    const client = await world.as(who);
    for (const sql of [
      `insert into audit.entries (action, digest) values ('forged', sha256('x'))`,
      `insert into audit.payloads values (1, null, sha256('x'), '{}')`,
      `delete from audit.entries where id = (select max(id) from audit.entries)`,
      'delete from audit.unsealed',
      `update audit.payloads set payload = '{}'`,
      `select audit.record('forged', '{}')`,
      `select setval('audit.entries_id_seq', 1)`,
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });

  it('shows where a payload was changed by somebody who could', async () => {
    const broken = `select count(*)::int from audit.entries e join audit.payloads p on p.entry_id = e.id
      where sha256(p.salt || convert_to(p.payload, 'UTF8')) <> e.digest`;
    const auditor = await world.as('auditor');
    expect(await valueOf(auditor, broken)).toBe(0);
    await world.root(
      `update audit.payloads set payload = replace(payload, 'ben', 'mona') where payload like '%ben%'`,
    );
    expect(await valueOf(auditor, broken)).toBeGreaterThan(0);
  });

  it('writes the entry with what it tells of, or neither', async () => {
    const ben = await world.another('ben');
    const count = async () =>
      (await world.root<{ n: number }>('select count(*)::int as n from audit.entries'))[0]!.n;
    const before = await count();
    await ben.query('begin');
    await ben.query(`select coffee.add_project(null, 'undone', '/x')`);
    await ben.query('rollback');
    expect(await count()).toBe(before);
    await ben.query(`select coffee.add_project(null, 'done', '/x')`);
    expect(await count()).toBe(before + 1);
    await ben.end();
  });
});
