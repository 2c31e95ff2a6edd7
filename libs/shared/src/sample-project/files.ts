import type { NewCommit } from '../git/create-repository';

const README = `# Greeter

A program of one function, to try a roadmap on.

    node src/greet.mjs Ada

Its test runs with \`npm test\` and needs nothing installed.
`;

const PROGRAM = `import { pathToFileURL } from 'node:url';

export function greet(name) {
  return \`Hello, \${name}!\`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(greet(process.argv[2] ?? 'world'));
}
`;

const TEST = `import assert from 'node:assert/strict';
import test from 'node:test';
import { greet } from '../src/greet.mjs';

test('greets by name', () => {
  assert.equal(greet('Ada'), 'Hello, Ada!');
});
`;

const MANIFEST = `{
  "name": "greeter",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test test/" }
}
`;

/** No changelog: the third priority adds it. */
export const SAMPLE_COMMITS: NewCommit[] = [
  { message: 'Greet somebody', files: { 'README.md': README, 'src/greet.mjs': PROGRAM } },
  {
    message: 'Test the greeting',
    files: { 'package.json': MANIFEST, 'test/greet.test.mjs': TEST },
  },
];
