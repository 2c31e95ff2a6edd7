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
if (existsSync(program)) {
  // Reading the map takes a fifth of a second, and a stack is shown only to who asks for it.
  if (process.env.COFFEE_ROADMAP_DEBUG) process.setSourceMapsEnabled(true);
  require(program);
} else {
  process.stderr.write(
    'error: coffee-roadmap has not been built yet\nhint:  run npm start once, in its folder.\n',
  );
  process.exitCode = 1;
}
