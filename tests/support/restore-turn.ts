import { Client } from 'pg';

/** 'turn' in ASCII. */
const LOCK = 1953853038;

/**
 * A server takes one restore at a time and refuses another; the files of tests that restore, which share
 * theirs, take turns. Lasts from the first of a file's tests to the last.
 */
export function takeTurnsToRestore(): void {
  let turn: Client;
  beforeAll(async () => {
    turn = new Client({ connectionString: process.env.COFFEE_TEST_CLUSTER_URL! });
    await turn.connect();
    await turn.query(`select pg_advisory_lock(${LOCK})`);
  }, 900_000);
  afterAll(() => turn.end());
}
