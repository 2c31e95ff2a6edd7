import { ZONE } from './fill';

export interface Panel {
  name: string;
  /** As a person's tool asks. */
  asked: string;
  /** The same as superuser, over the tables, with the person's projects written out. */
  plain: string;
}

const LAST_90 = `day > (now() at time zone '${ZONE}')::date - 90`;
const DAYS = `coffee.trace_days where zone = '${ZONE}' and ${LAST_90} and project_id = any ($1)`;

/** `$1` of the plain ones: ids of the person's projects. */
export const PANELS: Panel[] = [
  {
    name: 'cost by day and model, 90 days',
    asked: `select day, model, (sum(cost_nanos) / 1000000000)::float8 as usd from analytics.project_costs
      where zone = '${ZONE}' and ${LAST_90} group by 1, 2 order by 1, 2`,
    plain: `select day, model, (sum(cost_nanos) / 1000000000)::float8 as usd from ${DAYS} group by 1, 2 order by 1, 2`,
  },
  {
    name: 'cost by project, 90 days',
    asked: `select project_id, (sum(cost_nanos) / 1000000000)::float8 as usd from analytics.project_costs
      where zone = '${ZONE}' and ${LAST_90} group by 1 order by 1`,
    plain: `select project_id, (sum(cost_nanos) / 1000000000)::float8 as usd from ${DAYS} group by 1 order by 1`,
  },
  {
    name: 'the 10 dearest items, 90 days',
    asked: `select item_id, (sum(cost_nanos) / 1000000000)::float8 as usd from analytics.project_costs
      where zone = '${ZONE}' and ${LAST_90} group by 1 order by 2 desc, 1 limit 10`,
    plain: `select item_id, (sum(cost_nanos) / 1000000000)::float8 as usd from ${DAYS} group by 1 order by 2 desc, 1 limit 10`,
  },
  {
    name: 'cache hits by day, 90 days',
    asked: `select day, sum(cache_read_tokens)::float8 as hits from analytics.cache_rates
      where zone = '${ZONE}' and ${LAST_90} group by 1 order by 1`,
    plain: `select day, sum(cache_read_tokens)::float8 as hits from ${DAYS} group by 1 order by 1`,
  },
  {
    name: 'spent in the last 24 hours',
    asked: `select model, sum(cost_nanos)::float8 as nanos from analytics.spend_parts
      where bucket > date_trunc('hour', now()) - interval '1 day' group by 1 order by 1`,
    plain: `select model, sum(cost_nanos)::float8 as nanos from coffee.trace_buckets
      where bucket > date_trunc('hour', now()) - interval '1 day' and project_id = any ($1) group by 1 order by 1`,
  },
];

/** What the first panel would cost without sums. */
export const RECOMPUTE = `select (at at time zone '${ZONE}')::date as day, model_name as model,
    (sum(cost_nanos) / 1000000000)::float8 as usd
  from coffee.generations
  where project_id = any ($1) and (at at time zone '${ZONE}')::date > (now() at time zone '${ZONE}')::date - 90
  group by 1, 2 order by 1, 2`;
