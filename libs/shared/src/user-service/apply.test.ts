import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installService, isCurrent, removeService, serviceStatus } from './apply';
import { planService, type ServicePlan } from './plan';
import type { UserService } from './units';

const service: UserService = {
  name: 'collect',
  description: 'Coffee Roadmap: what this machine did',
  command: ['/usr/bin/node', '/opt/coffee-roadmap.js', 'collect', '--watch'],
  environment: { CLAUDE_CONFIG_DIR: '/home/ada/.claude' },
};

let home: string;
beforeEach(() => (home = mkdtempSync(path.join(os.tmpdir(), 'coffee service '))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const called = (): string[] => {
  const log = path.join(home, 'calls');
  if (!existsSync(log)) return [];
  const calls = readFileSync(log, 'utf8').trimEnd().split('\n');
  rmSync(log);
  return calls;
};

/**
 * The system's program as this test has it: writes down what it is asked, and knows whether the service
 * runs. `break` in its folder is what it says and fails with.
 */
function standIn(running: string): string {
  const file = path.join(home, 'stand-in');
  writeFileSync(
    file,
    `#!/bin/sh
cd '${home}'
echo "$*" >> calls
${running}
`,
  );
  chmodSync(file, 0o755);
  return file;
}
const SYSTEMCTL = `case "$*" in
  *is-active*) test -e runs; exit ;;
esac
test -e break && { cat break >&2; exit 1; }
case "$*" in
  *restart*) touch runs ;;
  *disable*) rm -f runs ;;
esac`;
/** What is to end does so a moment after bootout has come back. */
const LAUNCHCTL = `case "$*" in
  print*) test -e runs; found=$?; test -e ending && rm -f ending runs; exit $found ;;
  bootstrap*) test -e runs && { echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; }; touch runs ;;
  bootout*) touch ending ;;
esac`;

/** The plan, done by the stand-in. */
function planned(platform: NodeJS.Platform, script: string, of = service): ServicePlan {
  const program = standIn(script);
  const account = { home, configHome: path.join(home, '.config'), uid: 501 };
  const plan = planService(of, account, platform)!;
  const through = ([, ...args]: string[]): string[] => [program, ...args];
  return {
    ...plan,
    install: plan.install.map(through),
    remove: plan.remove.map(through),
    status: through(plan.status),
  };
}
const UNIT = 'coffee-roadmap-collect.service';

it('installs a systemd service, takes a new version up, and takes it away again', () => {
  const plan = planned('linux', SYSTEMCTL);
  expect(serviceStatus(plan)).toEqual({ installed: false, running: false });
  expect(called()).toEqual([`--user is-active --quiet ${UNIT}`]);
  for (let times = 0; times < 2; times += 1) {
    installService(plan);
    expect(called()).toEqual([
      '--user daemon-reload',
      `--user enable ${UNIT}`,
      `--user restart ${UNIT}`,
    ]);
  }
  const file = path.join(home, '.config', 'systemd', 'user', UNIT);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe(plan.files[0]!.content);
  expect(serviceStatus(plan)).toEqual({ installed: true, running: true });
  expect(isCurrent(plan)).toBe(true);

  const newer = planned('linux', SYSTEMCTL, {
    ...service,
    command: ['/usr/bin/node', '/opt/2.js'],
  });
  expect(isCurrent(newer)).toBe(false);
  installService(newer);
  expect(readFileSync(file, 'utf8')).toContain('/opt/2.js');
  expect(isCurrent(newer)).toBe(true);
  called();

  expect(removeService(newer)).toBe(true);
  expect(called().slice(1)).toEqual([`--user disable --now ${UNIT}`, '--user daemon-reload']);
  expect(existsSync(file)).toBe(false);
  expect(serviceStatus(newer)).toEqual({ installed: false, running: false });
  called();
  expect(removeService(newer)).toBe(false);
  expect(called()).toEqual([`--user is-active --quiet ${UNIT}`]);
});

it('tells what systemd said, what to do then, and that nothing runs', () => {
  const plan = planned('linux', SYSTEMCTL);
  writeFileSync(path.join(home, 'break'), 'Failed to connect to bus: No medium found\nmore\n');
  expect(() => installService(plan)).toThrow(
    expect.objectContaining({
      code: 'failed',
      message: expect.stringMatching(
        /daemon-reload failed: Failed to connect to bus: No medium found$/,
      ),
      hint: expect.stringContaining('coffee-roadmap collect --watch'),
    }),
  );
  expect(called()).toEqual(['--user daemon-reload']);
  expect(serviceStatus(plan)).toEqual({ installed: true, running: false });
  // What is left of it goes, although the system does not answer.
  expect(removeService(plan)).toBe(true);
  expect(readdirSync(path.join(home, '.config', 'systemd', 'user'))).toEqual([]);

  rmSync(path.join(home, 'break'));
  installService(plan);
  writeFileSync(path.join(home, 'break'), 'Access denied\n');
  expect(() => removeService(plan)).toThrow(/disable --now .* failed: Access denied/);
  rmSync(path.join(home, 'break'));
  expect(removeService(plan)).toBe(true); // it ran still
  expect(serviceStatus(plan)).toEqual({ installed: false, running: false });
});

it('installs a launchd agent, ends the one that runs before a new one, and takes it away', () => {
  const plan = planned('darwin', LAUNCHCTL);
  const file = path.join(home, 'Library', 'LaunchAgents', 'org.coffee-roadmap.collect.plist');
  const target = 'gui/501/org.coffee-roadmap.collect';
  installService(plan);
  expect(called()).toEqual([`print ${target}`, `bootstrap gui/501 ${file}`]);
  expect(readFileSync(file, 'utf8')).toBe(plan.files[0]!.content);
  installService(plan);
  expect(called().filter((call) => !call.startsWith('print'))).toEqual([
    `bootout ${target}`,
    `bootstrap gui/501 ${file}`,
  ]);
  expect(serviceStatus(plan)).toEqual({ installed: true, running: true });
  expect(removeService(plan)).toBe(true);
  expect(existsSync(file)).toBe(false);
  serviceStatus(plan);
  expect(removeService(plan)).toBe(false);
});

it('says where there is no such program, and knows no service of other systems', () => {
  const plan = planned('linux', SYSTEMCTL);
  rmSync(path.join(home, 'stand-in'));
  mkdirSync(path.join(home, '.config'), { recursive: true });
  expect(() => installService(plan)).toThrow(/daemon-reload failed: .*ENOENT/);
  expect(serviceStatus(plan)).toEqual({ installed: true, running: false });
  expect(planService(service, { home, configHome: home, uid: 501 }, 'win32')).toBeUndefined();
});
