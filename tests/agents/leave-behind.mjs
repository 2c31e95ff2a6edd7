// Runs inside the sandbox: starts a process that leaves the process group and ignores what it can,
// as agents' background commands do. Both have the token on their command line, to be found by.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const { token, stay, counter } = JSON.parse(process.argv[2]);
const deaf =
  "process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setInterval(() => {}, 1000)";
spawn(process.execPath, ['-e', deaf, token], { detached: true, stdio: 'inherit' }).unref();
console.log(JSON.stringify({ ready: token }));
if (stay) setInterval(() => counter && appendFileSync('count.txt', '.'), 10);
