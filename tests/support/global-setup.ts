import { rmSync } from 'node:fs';
import { programsOf } from './built-programs';
import { startTestCluster } from './cluster';
import { dropRun, makeTemplate, newRunId } from './template';

declare global {
  /** Left by global-setup for global-teardown: jest runs both in one process. */
  var endTestRun: (() => Promise<void>) | undefined;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One cluster and one migrated template per run; the workers read where from the environment. */
export default async function globalSetup(): Promise<void> {
  const cluster = await startTestCluster((line) => process.stderr.write(`${line}\n`));
  const runId = newRunId();
  let ending: Promise<void> | undefined;
  const end = async () => {
    rmSync(programsOf(runId), { recursive: true, force: true });
    if (cluster.kind === 'given') await dropRun(cluster.superuserUrl, runId);
    await cluster.stop();
  };
  // Once, however many want it: a signal, a failed setup, the teardown.
  const endTestRun = () => (ending ??= end());
  globalThis.endTestRun = endTestRun;
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      void endTestRun().finally(() => process.kill(process.pid, signal));
    });
  }
  try {
    process.env.COFFEE_TEST_CLUSTER_URL = cluster.superuserUrl;
    process.env.COFFEE_TEST_RUN = runId;
    process.env.COFFEE_TEST_TEMPLATE = await makeTemplate(cluster.superuserUrl, runId);
  } catch (error) {
    await endTestRun();
    throw error;
  }
}
