import { createTestDatabase, query, type TestDatabase } from './database';

describe('a test database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is a migrated copy of its own', async () => {
    const [row] = await query(
      database.superuserUrl,
      'select count(*)::int as n from priv.migrations',
    );
    expect(row?.n).toBeGreaterThan(0);
    const other = await createTestDatabase();
    expect(other.name).not.toBe(database.name);
    await other.drop();
    const left = await query(
      database.superuserUrl,
      'select 1 from pg_database where datname = $1',
      [other.name],
    );
    expect(left).toEqual([]);
  });

  it('has the database-level revokes that a copy loses', async () => {
    const [row] = await query(
      database.superuserUrl,
      `select has_database_privilege('pg_monitor', current_database(), 'temp') as temp,
              has_database_privilege('pg_monitor', current_database(), 'connect') as connect`,
    );
    expect(row).toEqual({ temp: false, connect: false });
  });

  it('lets an ordinary login in through urlFor, and ends its clients when dropped', async () => {
    const own = await createTestDatabase();
    const login = `${own.name}_login`;
    await query(own.superuserUrl, `create role ${login} login password 'p w/ä'`);
    await query(own.superuserUrl, `grant connect on database ${own.name} to ${login}`);
    const client = await own.connect(own.urlFor(login, 'p w/ä'));
    const { rows } = await client.query('select session_user as who');
    expect(rows).toEqual([{ who: login }]);
    await own.drop();
    await expect(client.query('select 1')).rejects.toThrow();
    await query(database.superuserUrl, `drop role ${login}`);
  });
});
