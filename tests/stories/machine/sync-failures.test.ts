import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { ERROR_CODES } from '@coffee-roadmap/shared/errors';
import { NO_COUNTS } from '@coffee-roadmap/shared/imports/import-counts';
import { createMachineToken } from '@coffee-roadmap/shared/machines/queries';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { query } from '../../support/database';
import { describeWithSshd } from '../../support/describe-with-sshd';
import { openSshNetwork, type SshMachine, type SshNetwork } from '../../support/ssh-server';
import { createTeam, type Team } from '../cli/team';
import { initIn, pullInto, putProgram, sync } from './hub';

const ID = 'a1b2c3d4-0000-4000-8000-000000000001';
const BENS = 'b0b0b0b0-0000-4000-8000-000000000002';
const OTHER = 'c0c0c0c0-0000-4000-8000-000000000003';
const AT = '2026-02-03T04:05:06.789Z';

const hello = (change: object = {}) => ({
  type: 'hello',
  protocol: 1,
  v: 1,
  program: 'coffee-roadmap',
  program_version: '0.1.0',
  machine_id: ID,
  label: 'evil',
  ...change,
});
const header = (change: object = {}) => ({
  ...hello(),
  protocol: undefined,
  type: 'export_start',
  after: null,
  after_found: true,
  ...change,
});
const record = (name: string, machine = ID, change: object = {}) => ({
  v: 1,
  id: `${machine}:manual:user_message:${AT}:${name}`,
  at: AT,
  type: 'user_message',
  source: 'manual',
  ...change,
});
const trailer = { type: 'export_end', records: 1, last_id: null };
const lines = (...values: unknown[]) =>
  values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`).join('');

describeWithSshd('sync, when things are wrong', () => {
  let team: Team;
  let network: SshNetwork;
  let box: SshMachine;
  beforeAll(async () => {
    team = await createTeam();
    network = openSshNetwork();
    box = await network.machine('box');
    await createMachineToken((await team.person('Ben')).session, BENS, 'ben’s');
  }, 60_000);
  afterAll(async () => {
    network.close();
    await team.close();
  });

  const state = () => path.join(team.ada.cli.home, '.local/state/coffee-roadmap/remotes.json');
  /** What answers on `box` from now on: a hello, and then what is packed behind it. */
  function answer(greeting: string, body: string | Buffer = '', more = ''): void {
    const file = path.join(box.bin, 'answer.cjs');
    writeFileSync(`${file}.body`, body);
    writeFileSync(
      file,
      `const { readFileSync } = require('node:fs');
       process.stdout.write(${JSON.stringify(greeting)});
       process.stdin.once('data', async () => {
         const packed = require('node:zlib').createGzip();
         packed.pipe(process.stdout);
         packed.write(readFileSync(__filename + '.body'));
         ${more}
         packed.end();
         packed.once('end', () => process.stdin.destroy());
       });`,
    );
    putProgram(box, '', `exec "${process.execPath}" "${file}"`);
    rmSync(state(), { force: true });
  }

  /** As `sync box` does, with the exit code that it would have. */
  async function syncBox() {
    const hub = { session: team.ada.session, network, home: team.ada.cli.home };
    return pullInto(hub, 'box').then(
      ({ counts }) => ({ ...counts, exit: 0, message: '', hint: '' }),
      (error: unknown) => {
        const { code, message, hint } = toAppError(error);
        return { ...NO_COUNTS, exit: ERROR_CODES[code], message, hint };
      },
    );
  }
  const taken = async (): Promise<string[]> =>
    (
      await query<{ name: string }>(
        team.database.superuserUrl,
        `select split_part(id, ':', 7) || ' ' || left(machine_id::text, 4) as name
         from coffee.activity_events order by 1`,
      )
    ).map(({ name }) => name);

  it('takes no name that ssh or a shell could take for more', async () => {
    const result = await team.ada.cli.run(['sync', '--', '-oProxyCommand=touch x']);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.stderr).toContain('this is no name of a remote');
    expect((await team.ada.cli.run(['sync'])).stderr).toContain('no machine was ever fetched from');
  });

  it('tells what is away, missing, older, newer, broken or no program of ours', async () => {
    rmSync(path.join(box.bin, 'coffee-roadmap'), { force: true });
    expect(await syncBox()).toMatchObject({
      exit: 1,
      message: 'box has no coffee-roadmap in its PATH',
    });
    putProgram(box, '', 'echo "error: unknown option \'--handshake\'" >&2; exit 2');
    expect(await syncBox()).toMatchObject({ exit: 5, message: expect.stringMatching(/older/) });
    answer(lines(hello({ protocol: 2, program_version: '9.0.0' })));
    expect(await syncBox()).toMatchObject({ exit: 5 });
    answer(lines(hello({ v: 2, program_version: '9.0.0' })));
    expect((await syncBox()).message).toContain('box is newer: version 9.0.0');
    putProgram(
      box,
      '',
      'echo "error: No machine identity found." >&2; echo "hint: run init" >&2; exit 1',
    );
    const broken = await syncBox();
    expect([broken.exit, broken.message, broken.hint]).toEqual([
      1,
      'coffee-roadmap on box failed with exit code 1: No machine identity found.',
      'There: run init',
    ]);
    putProgram(box, '', 'echo hello there');
    expect((await syncBox()).message).toBe('what answers on box is no coffee-roadmap');
    network.alias('gone', box, 'ProxyCommand false');
    const both = await sync(team.ada.cli, network, ['gone', 'box']);
    expect(both.remotes.map(({ code }) => code)).toEqual(['not_reachable', 'failed']);
    expect(both).toMatchObject({ code: 1 });
    expect((await sync(team.ada.cli, network, ['gone'])).code).toBe(4);
  });

  it('goes on with the others where one fails', async () => {
    answer(`\x1b]0;welcome\x07 to box\n${lines(hello())}`, lines(header(), record('m1'), trailer));
    const { code, remotes } = await sync(team.ada.cli, network, ['gone', 'box']);
    expect(code).toBe(4);
    expect(remotes).toMatchObject([
      { remote: 'gone', state: 'failed' },
      { remote: 'box', state: 'done', inserted: 1, label: 'evil' },
    ]);
    expect(await taken()).toEqual(['m1 a1b2']);
  });

  it('refuses records of other machines and other people, and a machine under a false name', async () => {
    const body = lines(
      header(),
      record('m2', OTHER),
      record('m3', BENS),
      header({ machine_id: OTHER }),
      record('m4', OTHER),
      record('m5', ID, { id: 'no id' }),
      'no json',
      record('m6'),
      trailer,
    );
    answer(lines(hello()), body);
    expect(await syncBox()).toMatchObject({
      exit: 0,
      inserted: 1,
      refused: 6,
      reasons: { forged: 4, bad_id: 1, not_json: 1 },
    });
    answer(
      lines(hello({ machine_id: BENS })),
      lines(header({ machine_id: BENS }), record('m7', BENS), trailer),
    );
    expect(await syncBox()).toMatchObject({ exit: 3, message: 'this machine is not yours' });
    expect(await taken()).toEqual(['m1 a1b2', 'm6 a1b2']);
    // It was one machine and says that it is another.
    answer(lines(hello()), lines(header(), trailer));
    await syncBox();
    const remembered = readFileSync(state(), 'utf8');
    answer(lines(hello({ machine_id: OTHER })), lines(header({ machine_id: OTHER }), trailer));
    writeFileSync(state(), remembered, { mode: 0o600 });
    expect(await syncBox()).toMatchObject({
      exit: 5,
      message: 'box was machine a1b2c3d4 and says now that it is c0c0c0c0',
    });
    expect((await sync(team.ada.cli, network, ['--replace', 'box'])).code).toBe(0);
    const own = initIn(team.ada.cli.home, 'hub');
    answer(lines(hello({ machine_id: own })));
    expect((await syncBox()).message).toBe('box says that it is this very machine');
  });

  it('keeps what came and gives up on a line without an end, on garbage, on what is not packed', async () => {
    const first = lines(header(), record('m8'));
    const long = `const { once } = require('node:events');
      const zeros = Buffer.alloc(1 << 20, 'x');
      for (let i = 0; i < 1024; i += 1) if (!packed.write(zeros)) await once(packed, 'drain');`;
    answer(lines(hello()), first, long);
    expect(await syncBox()).toMatchObject({
      exit: 1,
      message: expect.stringMatching(/longer than any record/),
    });
    expect(await taken()).toContain('m8 a1b2');
    answer(
      lines(hello()),
      lines(header(), record('m9')),
      long.replace("'x')", "'{\"a\":\"' + 'x'.repeat(9_000) + '\"}\\n')"),
    );
    expect(await syncBox()).toMatchObject({
      exit: 1,
      message: expect.stringMatching(/but no records/),
    });
    expect(await taken()).toContain('m9 a1b2');
    answer(lines(hello()), '', `process.stdout.write('this is not packed');`);
    expect(await syncBox()).toMatchObject({
      exit: 1,
      message: expect.stringMatching(/cannot be unpacked/),
    });
    answer(lines(hello()), lines(header(), record('m10')));
    expect(await syncBox()).toMatchObject({ exit: 1, message: expect.stringMatching(/cut off/) });
    expect(await taken()).toContain('m10 a1b2');
  });

  it('shows nothing that a remote says as more than text', async () => {
    const evil = '\x1b[2J\x1b]52;c;eA==\x07\x9b5Aevil\u202e';
    answer(lines(hello({ label: evil })), lines(header({ label: evil }), trailer));
    await query(
      team.database.superuserUrl,
      `delete from coffee.machine_cursors where machine_id = $1`,
      [ID],
    );
    for (const script of ['', `printf '\\033[2J\\033]0;x\\007evil' >&2; exit 7`]) {
      if (script !== '') putProgram(box, '', script);
      const env = { COFFEE_ROADMAP_SSH: network.command };
      const { stdout, stderr } = await team.ada.cli.run(['sync', 'box', '--yes'], { env });
      expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
      expect(stdout + stderr).toContain('evil');
    }
  });

  it('installs what a machine needs to be asked, and says where Node.js is missing', async () => {
    const fresh = await network.machine('fresh');
    writeCorpus(path.join(fresh.home, '.claude'), makeCorpus({ seed: 3 }));
    const { code, remotes } = await sync(team.ada.cli, network, ['--install', 'fresh']);
    expect(code).toBe(0);
    expect(remotes[0]!.inserted).toBeGreaterThan(10);
    const agent = path.join(fresh.home, '.local/share/coffee-roadmap/agent.js');
    expect(statSync(agent).size).toBeLessThan(2_000_000);
    expect(statSync(agent).mode & 0o777).toBe(0o600);
    for (const name of ['node']) putFalse(fresh, name);
    expect(await sync(team.ada.cli, network, ['--install', 'fresh'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/fresh has no Node.js 20.9 or newer/),
    });
  });
});

function putFalse(machine: SshMachine, name: string): void {
  putProgram(machine, '', 'exit 1');
  rmSync(path.join(machine.bin, name), { force: true });
  writeFileSync(path.join(machine.bin, name), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
}
