import { parentPort, workerData } from 'node:worker_threads';
import { createScanner, type ScanTask } from './collect/scan-task';

const scan = createScanner(workerData as Parameters<typeof createScanner>[0]);

parentPort!.on('message', (task: ScanTask) => {
  const result = scan(task);
  if (result.kind !== 'scanned') return parentPort!.postMessage(result);
  const lines = result.lines.slice(); // the next task writes over the other
  parentPort!.postMessage({ ...result, lines }, [lines.buffer]);
});
