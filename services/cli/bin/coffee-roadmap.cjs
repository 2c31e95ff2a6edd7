#!/usr/bin/env node
'use strict';
const { existsSync } = require('node:fs');
const path = require('node:path');

const dist = path.join(__dirname, '..', '..', '..', 'dist');
// What needs no database is in a bundle of its own, which loads sooner.
const machine = [
  ...['init', 'collect', 'export', 'spool', 'service'],
  ...['start', 'pause', 'resume', 'stop', 'log'],
].includes(process.argv[2]);
const small = path.join(dist, 'coffee-roadmap-machine.js');
const program = machine && existsSync(small) ? small : path.join(dist, 'coffee-roadmap.js');
// Reading the map takes a fifth of a second, and a stack is shown only to who asks for it.
const debug = Boolean(process.env.COFFEE_ROADMAP_DEBUG);
if (program === small && !debug) {
  const { readBundle, runBundle } = require('./load-bundle.cjs');
  runBundle(readBundle(program), program);
} else if (existsSync(program)) {
  if (debug) process.setSourceMapsEnabled(true);
  require(program);
} else {
  process.stderr.write(
    'error: coffee-roadmap has not been built yet\nhint:  run npm start once, in its folder.\n',
  );
  process.exitCode = 1;
}
