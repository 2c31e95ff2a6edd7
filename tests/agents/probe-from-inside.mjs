// Runs inside the sandbox and tries to get at the daemon. Prints what came of each try as JSON:
// the error's code, or `got: …`. Plain JavaScript, because it runs with nothing of ours around it.
import {
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';

const { secret, secretFile, secretFolder, daemonPid, postgresPort } = JSON.parse(process.argv[2]);
const results = {};

async function attempt(name, action) {
  try {
    results[name] = `got: ${String(await action()).slice(0, 80)}`;
  } catch (error) {
    results[name] = error.code ?? error.message;
  }
}

/** Says what the server answers to a start without a password. */
function openSession(user) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(postgresPort, '127.0.0.1');
    const parameters = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
    const start = Buffer.alloc(8);
    start.writeInt32BE(8 + parameters.length, 0);
    start.writeInt32BE(196608, 4);
    socket.on('connect', () => socket.write(Buffer.concat([start, parameters])));
    socket.on('error', reject);
    socket.on('data', (answer) => {
      socket.destroy();
      const method = answer.readInt32BE(5);
      if (String.fromCharCode(answer[0]) === 'R' && method === 0) resolve('a session');
      else reject(new Error(method === 10 ? 'password wanted' : `refused ${answer[0]}`));
    });
  });
}

const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const daemon = `/proc/${daemonPid}`;

results.environment = Object.keys(process.env).sort();
results.uid = process.getuid();
results.rights = readFileSync('/proc/self/status', 'utf8').match(/(CapEff|NoNewPrivs|Groups):.*/g);
await attempt('secret in the environment', () => {
  if (!JSON.stringify(process.env).includes(secret)) throw new Error('none');
});
await attempt('read the secret file', () => readFileSync(secretFile, 'utf8'));
await attempt('write the secret file', () => writeFileSync(secretFile, ''));
await attempt('list the secret folder', () => readdirSync(secretFolder));
await attempt('environ of the daemon', () => readFileSync(`${daemon}/environ`, 'utf8'));
// Opening mem asks the kernel the same question as attaching with ptrace does.
await attempt('mem of the daemon', () => openSync(`${daemon}/mem`, 'r'));
await attempt('mem of the daemon, to write', () => openSync(`${daemon}/mem`, 'r+'));
await attempt('open files of the daemon', () => readdirSync(`${daemon}/fd`));
await attempt('folder of the daemon', () => readlinkSync(`${daemon}/cwd`));
await attempt('root of the daemon', () => readdirSync(`${daemon}/root`));
await attempt('secret in any environ', () => {
  const found = processes.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(secret);
    } catch {
      return false;
    }
  });
  if (found.length === 0) throw new Error('none');
  return found;
});
await attempt('signal the daemon', () => process.kill(daemonPid, 'SIGTERM'));
await attempt('become root', () => process.getuid() === 0 || process.setuid(0));
await attempt('write into /etc', () => writeFileSync('/etc/coffee-roadmap-probe', ''));
await attempt('write into /usr', () => writeFileSync('/usr/coffee-roadmap-probe', ''));
await attempt('a session without a password', () => openSession('postgres'));
await attempt('write into the workspace', () => {
  writeFileSync('made-inside.txt', 'work');
  return existsSync('made-inside.txt');
});
console.log(JSON.stringify(results));
