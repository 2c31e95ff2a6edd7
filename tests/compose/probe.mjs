// The `command` agent of a project: tries from inside its container to get at everything that is
// none of its business, writes down what came of it, and finishes. Plain JavaScript, as agents run it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import readline from 'node:readline';

const results = {};
const task = JSON.parse(
  (await readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]().next()).value,
);
const wanted = JSON.parse(readFileSync('targets.json', 'utf8'));

async function attempt(name, action) {
  try {
    results[name] = `got: ${String(await action()).slice(0, 200)}`;
  } catch (error) {
    results[name] = error.code ?? error.message;
  }
}

function reach(host, port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: 3000 });
    socket.once('connect', () => resolve('a connection'));
    socket.once('timeout', () => reject(new Error('timeout')));
    socket.once('error', reject);
  });
}

function throughProxy(target) {
  const proxy = new URL(process.env.HTTPS_PROXY);
  return new Promise((resolve, reject) => {
    const asked = http.request({
      host: proxy.hostname,
      port: proxy.port,
      method: 'CONNECT',
      path: target,
    });
    asked.once('connect', (response) =>
      response.statusCode === 200
        ? resolve('a tunnel')
        : reject(new Error(String(response.statusCode))),
    );
    asked.once('error', reject);
    asked.end();
  });
}

function pageThroughProxy(url) {
  const proxy = new URL(process.env.HTTP_PROXY);
  return new Promise((resolve, reject) => {
    http
      .get({ host: proxy.hostname, port: proxy.port, path: url }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(text)
            : reject(new Error(String(response.statusCode))),
        );
      })
      .once('error', reject);
  });
}

const status = readFileSync('/proc/self/status', 'utf8');
results.environment = Object.keys(process.env).sort();
results.uid = process.getuid();
results.rights = status
  .match(/^(CapEff|CapBnd|NoNewPrivs):.*/gm)
  .map((line) => line.replace(/\s+/, ' '));
results.interfaces = Object.keys(os.networkInterfaces());
results.processes = readdirSync('/proc')
  .filter((name) => /^\d+$/.test(name))
  .map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    } catch {
      return '';
    }
  })
  .filter(Boolean);
for (const file of wanted.files) await attempt(`read ${file}`, () => readFileSync(file, 'utf8'));
for (const folder of wanted.folders) {
  await attempt(`list ${folder}`, () => {
    const names = readdirSync(folder);
    if (names.length === 0) throw new Error('empty');
    return names;
  });
}
for (const folder of ['/etc', '/usr', '/app', '/run/coffee-roadmap/egress']) {
  await attempt(`write into ${folder}`, () => writeFileSync(`${folder}/probe`, ''));
}
for (const [host, port] of wanted.direct)
  await attempt(`connect ${host}:${port}`, () => reach(host, port));
for (const target of wanted.tunnels) await attempt(`tunnel ${target}`, () => throughProxy(target));
for (const url of wanted.pages) await attempt(`page ${url}`, () => pageThroughProxy(url));
await attempt('become root', () => process.setuid(0));
writeFileSync('found.json', JSON.stringify(results, null, 2));
console.log(
  JSON.stringify({ type: 'result', status: 'finished', summary: `Probed for ${task.attempt_id}` }),
);
process.exitCode = 0;
process.stdin.destroy();
