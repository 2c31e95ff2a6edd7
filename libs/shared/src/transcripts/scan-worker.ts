import { parentPort, workerData } from 'node:worker_threads';
import { createScanner, giveAway, type ScanTask } from './collect/scan-task';

const scan = createScanner(workerData as Parameters<typeof createScanner>[0]);

parentPort!.on('message', (task: ScanTask) => {
  const result = scan(task);
  if (result.kind !== 'scanned') return parentPort!.postMessage(result);
  const { message, transfer } = giveAway(result);
  parentPort!.postMessage(message, transfer);
});
