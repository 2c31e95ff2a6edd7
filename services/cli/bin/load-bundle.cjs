'use strict';
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

/** Beside a bundle: what V8 made of it. Of use to the very Node that wrote it; any other reads the bundle. */
const codeOf = (file) => `${file}.code`;

/** A bundle that is CommonJS, in ASCII, and imports nothing later. */
function readBundle(file) {
  const source = readFileSync(file, 'latin1');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const code = codeOf(file);
  const cachedData = existsSync(code) ? readFileSync(code) : undefined;
  return new Script(wrapped, { filename: file, cachedData });
}

function runBundle(script, file) {
  const module = { exports: {} };
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, require, module, file, path.dirname(file));
}

module.exports = { codeOf, readBundle, runBundle };
