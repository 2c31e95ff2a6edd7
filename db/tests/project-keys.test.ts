import { valueOf } from './refusal';
import { describeTable } from './table-rules';

const red = ['the red key'];
const blue = ['the blue key'];

describeTable(
  {
    table: 'coffee.project_keys',
    rows: {
      'the red key': ({ ids }) => `project_id = '${ids.red.project}'`,
      'the blue key': ({ ids }) => `project_id = '${ids.blue.project}'`,
    },
    reads: { anna: red, mona: red, ben: red, carla: blue, nobody: [] },
    insert: ({ ids }) =>
      `insert into coffee.project_keys (project_id, name, public_key, secret_hash, created_by)
       values ('${ids.red.project}', 'mine', 'pk-lf-' || repeat('0', 32), sha256('mine'), '${ids.red.person}')`,
    column: 'name',
  },
  (world) => {
    it('reads, for who holds it, what is in its project and nothing else', async () => {
      const ben = await world().as('ben');
      const { rows } = await ben.query<{ public_key: string; secret_key: string }>(
        `select * from coffee.add_project_key($1, 'reads')`,
        [world().ids.red.project],
      );
      const pair = [rows[0]!.public_key, rows[0]!.secret_key];
      const collector = await world().as('collector');
      const ids = async (list: string, filter: object = {}): Promise<string[]> => {
        const page = await valueOf<{ total: number; rows: { id: string }[] }>(
          collector,
          `select coffee.list_${list}_with_key($1, $2, $3)`,
          [...pair, filter],
        );
        expect(page.total).toBe(page.rows.length);
        return page.rows.map(({ id }) => id);
      };
      expect(await ids('traces')).toEqual(['red trace']);
      expect(await ids('observations')).toEqual(['red event', 'red span', 'red generation']);
      expect(await ids('scores')).toEqual(['red score']);
      expect(await ids('sessions')).toEqual([]);
      expect(await ids('observations', { type: 'generation', to: '2026-11-02T00:00:00Z' })).toEqual(
        ['red generation'],
      );
      expect(await ids('traces', { name: 'another' })).toEqual([]);
      const one = 'select coffee.get_trace_with_key($1, $2, $3)';
      expect(await valueOf(collector, one, [...pair, 'red trace'])).toMatchObject({
        id: 'red trace',
        observations: [{ type: 'GENERATION', cost_nanos: 2_000_000 }, { type: 'SPAN' }, {}],
        scores: [{ id: 'red score' }],
      });
      expect(await valueOf(collector, one, [...pair, 'blue trace'])).toBeNull();
    });
  },
);
