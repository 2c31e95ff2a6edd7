import type { Session } from '@coffee-roadmap/shared/db/session';
import type { DB } from '@coffee-roadmap/shared/db/types.generated';
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
} from 'kysely';

export interface Recorded {
  sql: string;
  parameters: readonly unknown[];
}

/**
 * The statements that a function of the product sends, taken down instead of sent: what is measured
 * is what the product runs, also after somebody changes it.
 */
export async function recordQueries(
  work: (session: Session<'person'>) => Promise<unknown>,
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  const connection: DatabaseConnection = {
    executeQuery({ sql, parameters }: CompiledQuery) {
      recorded.push({ sql, parameters });
      return Promise.resolve({ rows: [] });
    },
    async *streamQuery() {
      yield* [];
    },
  };
  const nothing = (): Promise<void> => Promise.resolve();
  const db = new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (instance) => new PostgresIntrospector(instance),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: nothing,
        acquireConnection: () => Promise.resolve(connection),
        beginTransaction: nothing,
        commitTransaction: nothing,
        rollbackTransaction: nothing,
        releaseConnection: nothing,
        destroy: nothing,
      }),
    },
  });
  await work({
    db,
    role: 'person',
    me: { id: '', name: '', admin: false, teams: [], manages: [] },
    listen: () => Promise.reject(new Error('nothing is connected')),
    close: nothing,
  });
  return recorded;
}
