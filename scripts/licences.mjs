// The packages that the programs ship with, each with its licence, into docs/licences.md; with --check
// only compares. A licence that is not among those allowed here fails both.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const page = path.join(root, 'docs', 'licences.md');
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'PostgreSQL',
]);
/** Not bundled, not passed on: fetched by whoever installs, and run as programs of their own. */
const SEPARATE = ['@anthropic-ai/', '@ccusage/', 'ccusage'];

const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
const shipped = Object.entries(packages)
  .filter(([place, entry]) => place.includes('node_modules/') && !entry.dev && !entry.link)
  .map(([place, { version, license }]) => ({
    name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    licence: license ?? licenceIn(place) ?? 'not stated',
  }))
  .filter(({ name }) => !SEPARATE.some((prefix) => name.startsWith(prefix)))
  .sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));

const odd = shipped.filter(({ licence }) => !ALLOWED.has(licence));
for (const { name, version, licence } of odd) console.error(`${name} ${version}: ${licence}`);

const rows = [
  ...new Set(shipped.map((one) => `| ${one.name} | ${one.version} | ${one.licence} |`)),
];
const text = `# Licences of what is shipped

Coffee Roadmap is under the MIT licence. These packages are in its programs or are installed with them,
for whatever platform; what only tests and builds need is not listed. \`node scripts/licences.mjs\` writes this
page, and the checks compare it. \`npm run sbom\` writes the same as CycloneDX, with hashes. Claude Code and
ccusage are programs of their own that one may have installed: they are under their owners' terms.

| Package | Version | Licence |
| --- | --- | --- |
${rows.join('\n')}
`;

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/licences.md is not what package-lock.json says: node scripts/licences.mjs');
  process.exitCode = 1;
}
if (odd.length > 0) process.exitCode = 1;

function licenceIn(place) {
  try {
    return JSON.parse(readFileSync(path.join(root, place, 'package.json'), 'utf8')).license;
  } catch {
    return undefined; // not for this platform
  }
}
