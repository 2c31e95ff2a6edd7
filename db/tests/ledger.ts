import fc from 'fast-check';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { usage } from './reports';
import type { World } from './world';

/** Few names, many copies: what streaming, forks, side chains and gateways make of some calls. */
export const anyCall = (machineId: string): fc.Arbitrary<UsageRecord> =>
  fc
    .record({
      message_id: fc.constantFrom('m1', 'm2', 'm3', 'm4', null),
      request_id: fc.constantFrom('r1', 'r2', null),
      line_uuid: fc.constantFrom('l1', 'l2', 'l3'),
      is_sidechain: fc.boolean(),
      output_tokens: fc.constantFrom(0, 1, 9, 159),
      input_tokens: fc.constantFrom(0, 1, 10),
      speed: fc.constantFrom<UsageRecord['speed']>(null, 'standard', 'fast'),
      logged_cost_usd: fc.constantFrom(null, '0.5', '0.25'),
      model: fc.constantFrom('claude-opus-4-6', 'claude-sonnet-5', 'unknown', '<synthetic>', null),
      at: fc.constantFrom(
        '2026-02-03T04:05:06.789Z',
        '2026-02-03T04:20:00.000Z',
        '2026-03-29T01:00:00.000Z',
      ),
      session_id: fc.constantFrom('s-1', 's-2', null),
      folder: fc.constantFrom('/a', '/b', null),
      git_branch: fc.constantFrom('main', null),
    })
    .map((change) => usage(change, machineId));

/** Every column of the ledger but when it came. */
export const LEDGER = `select to_jsonb(u) - 'imported_at' - 'person_id' as row from coffee.usage_records u
  where person_id = $1 order by message_id, request_key`;

const SUMS = `count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
  sum(cache_write_5m_tokens), sum(cache_write_1h_tokens), coalesce(sum(cost_nanos), 0), count(*) - count(cost_nanos)`;
const KEPT = `calls, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
  cache_write_1h_tokens, cost_nanos, unpriced_calls`;

/** Rows in which kept sums and a full recompute differ, either way. */
export async function wrongSums(world: Pick<World, 'root'>): Promise<unknown[]> {
  const differing = (kept: string, computed: string): string =>
    `((${kept}) except all (${computed})) union all ((${computed}) except all (${kept}))`;
  const buckets = await world.root(
    differing(
      `select person_id, bucket, machine_id, model, folder, ${KEPT} from coffee.usage_buckets`,
      `select person_id, date_bin('15 minutes', at, '2000-01-01Z'), machine_id, coalesce(model, ''),
         coalesce(folder, ''), ${SUMS} from coffee.usage_records group by 1, 2, 3, 4, 5`,
    ),
  );
  const days = await world.root(
    differing(
      `select person_id, zone, day, machine_id, model, ${KEPT} from coffee.usage_days`,
      `select person_id, zone, (at at time zone zone)::date, machine_id, coalesce(model, ''), ${SUMS}
       from coffee.usage_records cross join coffee.reporting_zones group by 1, 2, 3, 4, 5`,
    ),
  );
  return [...buckets, ...days];
}

/** The same of messages with phrases by day. */
export function wrongPhraseSums(world: Pick<World, 'root'>): Promise<unknown[]> {
  const kept = 'select person_id, day, machine_id, pattern, messages from coffee.day_counts';
  const real = `select person_id, (at at time zone 'UTC')::date, machine_id, p.name, count(*)
    from coffee.phrase_records cross join lateral unnest(patterns) p (name) group by 1, 2, 3, 4`;
  return world.root(`((${kept}) except all (${real})) union all ((${real}) except all (${kept}))`);
}
