// A `command` agent that does what its task names, well-behaved or not.
import { spawn } from 'node:child_process';
import readline from 'node:readline';

const say = (line) =>
  process.stdout.write(typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const task = JSON.parse((await lines.next()).value);

const deeds = {
  'plain text': () => say('hello\n{"type":"unknown","text":"kept as it is"}\n'),
  environment: () => say({ type: 'message', text: JSON.stringify(process.env) }),
  flood: () => {
    for (let i = 0; i < 20_000; i += 1) say({ type: 'message', text: `line ${i}` });
  },
  'long line': () => {
    say(`${'x'.repeat(3 * 1024 * 1024)}\n`);
    say({ type: 'message', text: 'after it' });
  },
  nested: () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    say(`{"type":"tool","name":"Bash","summary":"ls","detail":${deep}}\n`);
    say({ type: 'message', text: 'after it' });
  },
  crash: () => {
    process.stderr.write('it broke\n');
    process.exitCode = 3;
  },
  twice: async () => {
    for (const id of ['a', 'b']) {
      say({ type: 'question', id, title: 'Go on?', options: ['Yes', { label: 'No' }] });
      const { value } = await lines.next();
      say({ type: 'message', text: value });
    }
  },
  'many questions': async () => {
    for (let i = 0; i < 30; i += 1) say({ type: 'question', id: `${i}`, title: `Q ${i}` });
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  spend: async () => {
    for (let cost = 1; ; cost += 1) {
      say({ type: 'usage', cost_usd: cost, input_tokens: 5 });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  count: async () => {
    // The ticking is a process that leaves our group and does not listen to SIGTERM.
    const ticking =
      "process.on('SIGTERM', () => {}); let n = 0; setInterval(() => console.log(JSON.stringify({ type: 'message', text: 'tick ' + (n += 1) })), 200)";
    process.on('SIGTERM', () => undefined);
    spawn(process.execPath, ['-e', ticking], { detached: true, stdio: 'inherit' });
    await new Promise((resolve) => setTimeout(resolve, 600_000));
  },
  lingering: async () => {
    say({ type: 'result', status: 'finished', summary: 'done, but not gone' });
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      detached: true,
      stdio: 'inherit',
    }).unref();
  },
};
await deeds[task.prompt]();
process.stdin.destroy();
