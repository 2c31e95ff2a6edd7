// Adds to package-lock.json the builds for other platforms that the registry in use did not know when
// the lockfile was made. Without them `npm ci` refuses the lockfile, also where they are not needed.
// Run it after every npm install that changes the lockfile.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'android', 'openharmony'];
const PROCESSORS = { 'arm-': 'arm', arm64: 'arm64', x64: 'x64', ia32: 'ia32' };
const OTHERS = ['loong64', 'ppc64', 'riscv64', 's390x'];

function platformOf(name) {
  const os = SYSTEMS.find((system) => name.includes(system));
  const cpu =
    OTHERS.find((processor) => name.includes(processor)) ??
    Object.entries(PROCESSORS).find(([part]) => `${name}-`.includes(part))?.[1];
  // Without a platform npm would install it everywhere.
  return os && cpu ? { os: [os], cpu: [cpu] } : undefined;
}

let added = 0;
for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`;
    const platform = platformOf(name);
    if (packages[key] || packages[`${parent}/${key}`] || !platform) continue;
    packages[key] = { version, ...platform, ...(dev ? { dev } : {}), optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} added`);
