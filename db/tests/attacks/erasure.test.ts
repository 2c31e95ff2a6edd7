import { getNewestSeal, sealAudit } from '@coffee-roadmap/shared/audit/queries';
import { verifyAudit } from '@coffee-roadmap/shared/audit/verify';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { EVERYBODY } from '../logins';
import { codeOf, NOT_ALLOWED } from '../refusal';
import { createWorld, type World } from '../world';
import { tampered } from './tampering';

let world: World;
let auditor: Session<'auditor'>;
let before: { n: number; hash: string };

beforeAll(async () => {
  world = await createWorld();
  const { login, password } = world.login('auditor');
  auditor = await openSession(world.database.urlFor(login, password), 'auditor');
  await sealAudit(auditor);
  before = (await getNewestSeal(auditor))!;
  await (await world.another('ben')).query(`select coffee.erase_me('ben')`);
  await sealAudit(auditor);
});
afterAll(async () => {
  await auditor.close();
  await world.close();
});

const problems = async (): Promise<string[]> => {
  const found = (await verifyAudit(auditor, [before])).findings.map(({ problem }) => problem);
  return [...new Set(found)].sort();
};

describe('erasure against the chain', () => {
  it('takes payloads, and leaves every seal as an anchor of before knows it', async () => {
    const [gone] = await world.root<{ erased: number; there: number }>(
      `select count(*)::int as erased, count(p.entry_id)::int as there
       from audit.erased_payloads e left join audit.payloads p using (entry_id)`,
    );
    expect(gone).toEqual({ erased: expect.any(Number), there: 0 });
    expect(gone!.erased).toBeGreaterThan(1);
    expect(await problems()).toEqual([]);
  });

  // Ben is gone, and his agent with him.
  const left = EVERYBODY.filter((who) => who !== 'ben' && who !== 'agent');
  it.each(left)('%s hides nothing so', async (who) => {
    const client = await world.as(who);
    for (const sql of [
      'insert into audit.erased_payloads select id, gen_random_uuid() from audit.entries',
      `insert into audit.erasures values (gen_random_uuid(), 'person-00000000', 3)`,
      'delete from audit.erased_payloads',
      'delete from audit.erasures',
      `select audit.record('person.erase', '{}')`,
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });

  const another = `(select min(p.entry_id) from audit.payloads p join audit.entries e on e.id = p.entry_id
    where e.action <> 'person.erase')`;
  const first = '(select min(entry_id) from audit.erased_payloads)';
  it.each([
    [
      'one more payload is deleted under it',
      `insert into audit.erased_payloads select ${another}, person_id from audit.erasures;
       delete from audit.payloads where entry_id = ${another}`,
      ['erasure_changed'],
    ],
    [
      'one payload less is said to be gone by it',
      `delete from audit.erased_payloads where entry_id = ${first}`,
      ['erasure_changed', 'payload_missing'],
    ],
    [
      'a payload comes back with other words',
      `insert into audit.payloads (entry_id, salt, payload) select ${first}, sha256('x'), '{"action": "forged"}'`,
      ['payload_changed'],
    ],
    [
      'its own entry is said to be another',
      `update audit.erasures set entry_id = ${another}`,
      ['erasure_changed'],
    ],
    ['the erasure is deleted', 'delete from audit.erasures', ['payload_missing']],
  ])('a superuser is found out where %s', async (_title, sql, found) => {
    expect(await tampered(world, sql, problems)).toEqual(found);
    expect(await problems()).toEqual([]);
  });
});
