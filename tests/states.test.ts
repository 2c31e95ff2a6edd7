import { readFileSync } from 'node:fs';
import { createTestDatabase, query } from './support/database';

it('draws in docs/states.md exactly the moves that the database allows', async () => {
  const text = readFileSync('docs/states.md', 'utf8');
  const drawn = [...text.matchAll(/^\| (\w+) \| (\w+) \| (\w+) \| (daemon|person) \|$/gm)].map(
    (match) => match.slice(1, 5).join(' '),
  );
  const database = await createTestDatabase();
  const rows = await query<{ move: string }>(
    database.superuserUrl,
    `select concat_ws(' ', from_state, to_state, verb, by_kind) as move from coffee.roadmap_moves`,
  );
  await database.drop();
  expect(drawn.sort()).toEqual(rows.map((row) => row.move).sort());
});
