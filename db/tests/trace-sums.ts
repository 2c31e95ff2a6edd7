import type { World } from './world';

const SUMS = `count(*)::bigint as calls, sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens, sum(cache_read_tokens)::bigint as cache_read_tokens,
  sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
  sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
  coalesce(sum(cost_nanos), 0)::bigint as cost_nanos, count(*) filter (where unpriced) as unpriced_calls,
  count(*) filter (where level = 'ERROR') as failed_calls,
  coalesce(sum(least(extract(epoch from ended_at - started_at) * 1000, 86400000))
    filter (where ended_at > started_at), 0)::bigint as duration_ms`;
const KEY = `coalesce(model_name, '') as model,
  coalesce(daemon_id, '00000000-0000-0000-0000-000000000000') as daemon_id, coalesce(item_id, 0) as item_id`;
const BUCKETS = `select project_id, to_timestamp(floor(extract(epoch from at) / 900) * 900) as bucket,
  ${KEY}, ${SUMS} from coffee.generations group by 1, 2, 3, 4, 5`;
const DAYS = `select project_id, zone, (at at time zone zone)::date as day, ${KEY}, ${SUMS}
  from coffee.generations cross join coffee.reporting_zones group by 1, 2, 3, 4, 5, 6`;

/** Rows in which kept sums and a full recount differ, either way. */
export async function wrongTraceSums(world: Pick<World, 'root'>): Promise<unknown[]> {
  const compare = (kept: string, real: string): Promise<unknown[]> =>
    world.root(`(select 'kept' as side, k.* from (select * from ${kept} except all ${real}) k)
      union all (select 'real', r.* from (${real} except all select * from ${kept}) r)`);
  return [
    ...(await compare('coffee.trace_buckets', BUCKETS)),
    ...(await compare('coffee.trace_days', DAYS)),
  ];
}
