import { NAMES, PRICED, type Tokens } from './published-prices';
import { codeOf, INVALID, NOT_ALLOWED, valueOf } from './refusal';
import { describeTable } from './table-rules';
import type { World } from './world';

const all = ['the price of Sonnet 5'];
const readers = { anna: all, mona: all, ben: all, carla: all, agent: all };

describeTable(
  {
    table: 'coffee.prices',
    rows: { 'the price of Sonnet 5': () => `model = 'claude-sonnet-5'` },
    reads: { ...readers, daemon: all, blueDaemon: all, nobody: [] },
    insert: () => `insert into coffee.prices (model, version, input_nanos) values ('mine', 1, 0)`,
    column: 'input_nanos',
  },
  (world) => {
    describe('the shipped list', () => {
      it.each(PRICED)('prices %s in $2', async (model, day, tokens, nanos) => {
        const { cost_nanos, pricing_version } = await price(world(), model, day, tokens);
        expect([cost_nanos, pricing_version]).toEqual([nanos, nanos === null ? null : 1]);
      });
    });

    it.each(NAMES)('knows %s as %s', async (name, known) => {
      const [row] = await world().root<{ name: string }>('select priv.model_name($1) as name', [
        name,
      ]);
      expect(row!.name).toBe(known);
    });

    it('is joined to a batch as one hash join, without a call for each row', async () => {
      const plan = await world().root<{ 'QUERY PLAN': string }>(
        `explain (verbose) select priv.cost_nanos(p, b.i, b.i, 0, 0, 0, false)
         from (select 'claude-sonnet-5' || (i % 2) as model, now() as at, i from generate_series(1, 5000) i) b
         left join lateral priv.price_row(b.model, b.at, b.i) p on true`,
      );
      const text = plan.map((line) => line['QUERY PLAN']).join('\n');
      expect(text).toMatch(/(Hash|Merge) (Left|Right) Join/);
      expect(text).not.toMatch(/priv\.(cost_nanos|price_row)\(/);
    });

    describe('an import', () => {
      const mine = [
        { model: 'my-model', input: 1, output: 2 },
        { model: 'my-model', effective_from: '2026-06-01', input: 2, output: 4 },
        { model: 'my-model', effective_from: '2026-06-01', prompt_from: 11, input: 3, output: 4 },
        { model: 'Anthropic/claude-sonnet-5', input: 0.001, output: 0.002, fast_multiplier: 3 },
      ];
      const imported = async (entries: unknown, who: 'anna' | 'ben' = 'anna'): Promise<string> =>
        codeOf(await world().as(who), 'select coffee.import_prices($1)', [JSON.stringify(entries)]);

      it('is an admin’s alone', async () => {
        expect(await imported(mine, 'ben')).toBe(NOT_ALLOWED);
        expect((await price(world(), 'my-model', '2026-06-02', [10])).cost_nanos).toBeNull();
      });

      it('goes before what was shipped, by moment and prompt length, until it is reset', async () => {
        const anna = await world().as('anna');
        const version = await valueOf<number>(anna, 'select coffee.import_prices($1)', [
          JSON.stringify(mine),
        ]);
        const costs = await Promise.all([
          price(world(), 'my-model', '2026-05-31', [20]),
          price(world(), 'my-model', '2026-06-01', [10]),
          price(world(), 'my-model', '2026-06-01', [11]),
          price(world(), 'my-model', '2026-06-01', [1, 0, 1]), // no price for cache reads
          price(world(), 'claude-sonnet-5', '2026-06-01', [10]),
          price(world(), 'claude-sonnet-5', '2026-06-01', [10], true),
        ]);
        expect(costs.map(({ cost_nanos }) => cost_nanos)).toEqual([
          20_000,
          20_000,
          33_000,
          null,
          10,
          30,
        ]);
        expect(costs[0]!.pricing_version).toBe(version);
        const reset = 'select coffee.reset_prices($1)';
        expect(await valueOf(anna, reset, ['claude-sonnet-5'])).toBe(true);
        expect(await valueOf(anna, reset, ['claude-sonnet-5'])).toBe(false);
        expect(await price(world(), 'claude-sonnet-5', '2026-06-01', [10])).toEqual({
          cost_nanos: 20_000,
          pricing_version: 1,
        });
      });

      it.each([
        ['nothing', []],
        ['no list', { model: 'x' }],
        ['an entry without a model', [{ input: 1 }]],
        ['a price in words', [{ model: 'x', input: 'free' }]],
        ['a negative price', [{ model: 'x', input: -1 }]],
        ['a price that is too fine', [{ model: 'x', input: 0.0001 }]],
        ['the same twice', [{ model: 'x' }, { model: 'X[1m]' }]],
      ])('of %s is refused, and nothing changes', async (_what, entries) => {
        const before = await world().root('select * from coffee.prices order by 1, 2, 4, 6');
        expect(await imported(entries)).toBe(INVALID);
        expect(await world().root('select * from coffee.prices order by 1, 2, 4, 6')).toEqual(
          before,
        );
      });
    });
  },
);

interface Price {
  cost_nanos: number | null;
  pricing_version: number | null;
}

async function price(
  world: World,
  model: string,
  at: string,
  tokens: Tokens,
  fast = false,
): Promise<Price> {
  const [input, output = 0, read = 0, write5m = 0, write1h = 0] = tokens;
  const [row] = await world.root<{ cost_nanos: string | null; pricing_version: number | null }>(
    'select * from priv.price($1, $2, $3, $4, $5, $6, $7, $8)',
    [model, at.includes('T') ? at : `${at}T00:00:00Z`, input, output, read, write5m, write1h, fast],
  );
  const { cost_nanos, pricing_version } = row!;
  return { cost_nanos: cost_nanos === null ? null : Number(cost_nanos), pricing_version };
}
