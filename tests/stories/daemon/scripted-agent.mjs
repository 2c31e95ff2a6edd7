// A `command` agent that does what its argument says, a JSON list: lines of the protocol are said, and
// a question is waited for; {"write":file,"text":…} writes a file, {"work_ms":n} takes time,
// {"exit":code} ends. What it was told goes into answers.jsonl.
import { appendFileSync, writeFileSync } from 'node:fs';
import readline from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => JSON.parse((await input.next()).value ?? 'null');

await next(); // the task
for (const order of JSON.parse(process.argv[2])) {
  if (order.write !== undefined) writeFileSync(order.write, order.text);
  else if (order.work_ms !== undefined) await delay(order.work_ms);
  else if (order.exit !== undefined) process.exitCode = order.exit;
  else process.stdout.write(`${JSON.stringify(order)}\n`);
  if (order.type === 'question') {
    const { id, answer, answered_by } = await next();
    appendFileSync('answers.jsonl', `${JSON.stringify({ id, answer, answered_by })}\n`);
  }
}
process.stdin.destroy();
