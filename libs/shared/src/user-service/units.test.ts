import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchdAgent, systemdUnit, type UserService } from './units';

/** As odd as names of folders get. */
const ODD = `a b"c'd\\e%f$g&h<i>`;
const service: UserService = {
  name: 'collect',
  description: 'Coffee Roadmap: what this machine did',
  command: ['/bin/echo', `/opt/${ODD}/main.js`, 'collect', '--watch'],
  environment: { CLAUDE_CONFIG_DIR: `/home/${ODD}/.claude`, XDG_DATA_HOME: '/data' },
};

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'coffee units '))));
afterAll(() => rmSync(folder, { recursive: true }));

function here(program: string): jest.It {
  if (spawnSync(program, ['--version']).error === undefined) return it;
  process.stderr.write(`skipped: no ${program} on this machine\n`);
  return it.skip;
}

here('systemd-analyze')('is a unit that systemd has nothing to say against', () => {
  const unit = path.join(folder, 'coffee-roadmap-collect.service');
  writeFileSync(unit, systemdUnit(service, folder).content);
  const { status, stdout, stderr } = spawnSync(
    'systemd-analyze',
    ['verify', '--user', '--man=no', unit],
    { encoding: 'utf8', env: { ...process.env, XDG_RUNTIME_DIR: folder } },
  );
  const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('coffee-roadmap'));
  expect([status, about]).toEqual([0, []]);
});

here('python3')('is a property list that says the same words again', () => {
  const file = path.join(folder, 'agent.plist');
  writeFileSync(file, launchdAgent(service, folder).content);
  const read = 'import json,plistlib,sys; print(json.dumps(plistlib.load(open(sys.argv[1],"rb"))))';
  const { status, stdout } = spawnSync('python3', ['-c', read, file], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    Label: 'org.coffee-roadmap.collect',
    ProgramArguments: service.command,
    EnvironmentVariables: service.environment,
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 10,
    ProcessType: 'Background',
    Umask: 0o77,
  });
});
