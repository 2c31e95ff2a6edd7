// keep-code.cjs BUNDLE: lets it collect a transcript of one line, and keeps what V8 made of its code for
// services/cli/bin, which then need not read all of that anew: a quarter of a short run.
'use strict';
const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { codeOf, readBundle, runBundle } = require('../services/cli/bin/load-bundle.cjs');

const [node, , file] = process.argv;
const home = mkdtempSync(path.join(os.tmpdir(), 'coffee code '));
const transcripts = path.join(home, '.claude', 'projects', 'a');
const line = {
  type: 'assistant',
  sessionId: 's',
  uuid: 'u',
  timestamp: '2026-01-01T00:00:00.000Z',
  message: { id: 'm', model: 'm', usage: { input_tokens: 1, output_tokens: 1 } },
};
mkdirSync(transcripts, { recursive: true });
writeFileSync(path.join(transcripts, 's.jsonl'), `${JSON.stringify(line)}\n`);
for (const name of Object.keys(process.env)) if (name !== 'PATH') delete process.env[name];
process.env.HOME = home;
spawnSync(node, [file, 'init']);
process.argv = [node, file, 'collect', '--json'];

const script = readBundle(file);
process.once('exit', (code) => {
  rmSync(home, { recursive: true, force: true });
  if (code === 0) writeFileSync(codeOf(file), script.createCachedData());
});
runBundle(script, file);
