// The agent of demonstrations and tests: does what the task's text says, the same every time,
// without a model. Speaks the protocol of the `command` agent; docs/agents.md lists what it obeys.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const STEP_MS = 200;
const MAX_FILE = 1024 * 1024;

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
/** process.exit would cut off what is still on its way out. */
const leave = (code) => {
  process.exitCode = code;
  process.stdin.destroy();
};
const nextLine = async () => JSON.parse((await input.next()).value ?? 'null');

/** The value of a line such as `Ask: …`, with or without a list marker; undefined without one. */
function findOrder(prompt, name) {
  return prompt.match(new RegExp(`^[ \\t]*(?:[-*][ \\t]+)?${name}:[ \\t]*(.+)$`, 'm'))?.[1].trim();
}

/** `Which colour? red / green`: what stands before the question mark is the question. */
function parseQuestion(order) {
  const end = order.indexOf('?') + 1;
  const options = order.slice(end).split(' / ');
  return {
    title: order.slice(0, end).trim() || 'Which one?',
    options: options.map((option) => option.trim()).filter(Boolean),
  };
}

function parseTask(prompt) {
  const lines = prompt.split('\n').map((line) => line.trimEnd());
  const heading = lines.findIndex((line) => /^# \S/.test(line));
  const title = heading >= 0 ? lines[heading].slice(2) : (lines.find(Boolean) ?? 'Untitled');
  const rest = lines.slice(heading + 1);
  const end = rest.findIndex((line) => /^# \S/.test(line));
  const isOrder = /^\s*(?:[-*]\s+)?(?:(?:Ask|Fail|Slow):|Nothing$)/;
  const body = (end < 0 ? rest : rest.slice(0, end)).filter((line) => !isOrder.test(line));
  return { title: title.trim(), body: body.join('\n').trim() };
}

function slugOf(title) {
  const plain = title.normalize('NFKD').toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'untitled'
  );
}

function* listFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && !['.git', 'node_modules'].includes(entry.name))
      yield* listFiles(file);
    else if (entry.isFile() && statSync(file).size <= MAX_FILE) yield file;
  }
}

/** Keeps both sides of every conflict; a common ancestor's lines go. */
function resolveConflicts(workspace) {
  const resolved = [];
  for (const file of listFiles(workspace)) {
    const text = readFileSync(file, 'utf8');
    if (!/^<{7} /m.test(text) || !/^>{7} /m.test(text)) continue;
    const kept = text
      .replace(/^\|{7} .*\n(?:(?!={7}$).*\n)*/gm, '')
      .replace(/^(?:<{7} .*|={7}|>{7} .*)(?:\n|$)/gm, '');
    writeFileSync(file, kept);
    resolved.push(path.relative(workspace, file));
  }
  return resolved;
}

function addToChangelog(workspace, title) {
  const file = path.join(workspace, 'CHANGELOG.md');
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  const line = `- ${title}`;
  if (text.split('\n').includes(line)) return;
  writeFileSync(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
  say({ type: 'tool', name: 'Edit', summary: 'CHANGELOG.md' });
}

async function ask(order) {
  const { title, options } = parseQuestion(order);
  say({ type: 'question', id: '1', title, options, free_text: true });
  for (;;) {
    const line = await nextLine();
    if (line === null) throw new Error('nobody is there to answer');
    if (line.type === 'answer' && line.id === '1') return { question: title, answer: line.answer };
  }
}

/** Returns the path of the file and its text. */
function writeNote(workspace, { title, body }, decision) {
  const file = path.join('docs', `${slugOf(title)}.md`);
  const decided = decision && `Decided: ${decision.question} ${decision.answer}`;
  const text = `${[`# ${title}`, body, decided].filter(Boolean).join('\n\n')}\n`;
  mkdirSync(path.join(workspace, 'docs'), { recursive: true });
  writeFileSync(path.join(workspace, file), text);
  say({ type: 'tool', name: 'Write', summary: file });
  return { file, text };
}

async function work({ prompt, workspace }) {
  const task = parseTask(prompt);
  say({ type: 'message', text: `I take "${task.title}".` });
  const steps = Math.min(Number.parseInt(findOrder(prompt, 'Slow') ?? '0', 10) || 0, 10_000);
  for (let step = 1; step <= steps; step += 1) {
    say({ type: 'progress', text: `step ${step} of ${steps}` });
    await delay(STEP_MS);
  }
  const reason = findOrder(prompt, 'Fail');
  if (reason !== undefined) {
    say({ type: 'message', text: `I cannot do it: ${reason}` });
    say({ type: 'result', status: 'failed', reason });
    return leave(1);
  }
  for (const file of resolveConflicts(workspace)) {
    say({ type: 'tool', name: 'Edit', summary: `${file}: keeps both sides of the conflict` });
  }
  const order = findOrder(prompt, 'Ask');
  const decision = order === undefined ? undefined : await ask(order);
  const idle = /^\s*(?:[-*]\s+)?Nothing$/m.test(prompt);
  const note = idle ? undefined : writeNote(workspace, task, decision);
  if (note !== undefined) addToChangelog(workspace, task.title);
  say({
    type: 'usage',
    cost_usd: 0,
    input_tokens: Math.ceil(prompt.length / 4),
    output_tokens: Math.ceil((note?.text.length ?? 0) / 4),
    model: 'rehearsal',
  });
  const summary = note === undefined ? 'There was nothing to change.' : `Wrote ${note.file}.`;
  say({ type: 'message', text: summary });
  say({ type: 'result', status: 'finished', summary });
  leave(0);
}

await work(await nextLine());
