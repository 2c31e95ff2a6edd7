import { migrate } from '@coffee-roadmap/db/migrate';
import { query } from '../../tests/support/database';

/** As docs/scale.md says it: `usage_records` in two partitions by person. */
export async function partitionUsage(superuserUrl: string): Promise<void> {
  await query(
    superuserUrl,
    `begin;
    set local role coffee_owner;
    alter table coffee.usage_records rename to usage_records_before;
    create table coffee.usage_records (like coffee.usage_records_before including all)
      partition by hash (person_id);
    create table coffee.usage_records_0 partition of coffee.usage_records
      for values with (modulus 2, remainder 0);
    create table coffee.usage_records_1 partition of coffee.usage_records
      for values with (modulus 2, remainder 1);
    reset role;
    set local session_replication_role = replica;
    insert into coffee.usage_records select * from coffee.usage_records_before;
    set local session_replication_role = origin;
    drop table coffee.usage_records_before cascade;
    delete from priv.current_truth;
    commit`,
  );
  await migrate(superuserUrl); // policies, triggers and views, for the new table
}
