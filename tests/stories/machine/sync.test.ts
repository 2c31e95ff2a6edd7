import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { usageLine } from '@coffee-roadmap/shared/gist/testing/remote';
import { appendLines } from '@coffee-roadmap/shared/spool/append';
import { makeCorpus, writeCorpus } from '@coffee-roadmap/shared/transcripts/testing/corpus';
import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTestDatabase, query, type TestDatabase } from '../../support/database';
import { describeWithSshd } from '../../support/describe-with-sshd';
import { openSshNetwork, type SshMachine, type SshNetwork } from '../../support/ssh-server';
import { until } from '../../support/until';
import { createTeam, type Team } from '../cli/team';
import { initIn, machineProgram, openHub, pathsIn, putProgram, rowsOf, sync } from './hub';

describeWithSshd('sync over a real sshd', () => {
  let team: Team;
  let network: SshNetwork;
  let devbox: SshMachine;
  let laptop: SshMachine;
  let devboxId: string;
  /** A second hub, with a database of its own, whose connections nobody cuts. */
  let second: { database: TestDatabase; url: string; session: Session<'person'> };

  beforeAll(async () => {
    team = await createTeam();
    network = openSshNetwork();
    devbox = await network.machine('devbox');
    laptop = await network.machine('laptop');
    for (const [seed, machine] of [devbox, laptop].entries()) {
      putProgram(machine, machineProgram(team.ada.cli));
      const size = { sessions: 20, messages: 20 };
      writeCorpus(path.join(machine.home, '.claude'), makeCorpus({ seed, ...size }));
      initIn(machine.home, machine.alias);
    }
    devboxId = initIn(devbox.home, 'devbox');
    const database = await createTestDatabase();
    const login = { kind: 'person', name: 'Ada', password: 'for this test only' } as const;
    const url = database.urlFor(await ensureLogin(database.superuserUrl, login), login.password);
    second = { database, url, session: await openSession(url, 'person') };
  }, 60_000);
  afterAll(async () => {
    network.close();
    await second.session.close();
    await second.database.drop();
    await team.close();
  });

  it('fetches from several machines, goes on where it was, and has what another hub has', async () => {
    const first = await sync(team.ada.cli, network, ['devbox', 'laptop', '--parallel', '2']);
    expect(first.code).toBe(0);
    expect(first.remotes).toMatchObject([
      { remote: 'devbox', label: 'devbox', machine_id: devboxId, new_machine: true, refused: 0 },
      { remote: 'laptop', label: 'laptop', new_machine: true, refused: 0 },
    ]);
    expect(first.remotes[0]!.inserted).toBeGreaterThan(500);
    const again = await sync(team.ada.cli, network, []); // all that are known
    expect(again.remotes).toMatchObject([
      { remote: 'devbox', new_machine: false, inserted: 0, anew: false },
      { remote: 'laptop', new_machine: false, inserted: 0, anew: false },
    ]);
    const { machines } = await team.ada.cli.json<{ machines: { roads: object }[] }>(['machines']);
    expect(machines.map(({ roads }) => Object.keys(roads))).toEqual([['ssh'], ['ssh']]);
    const hub = openHub(second.session, network);
    await hub.pull('devbox');
    hub.remove();
    expect(await rowsOf(team.ada.url, devboxId)).toEqual(await rowsOf(second.url, devboxId));
  });

  it('starts anew where the spool was pruned past its cursor, and says so', async () => {
    const before = await rowsOf(team.ada.url, devboxId);
    const spool = path.join(devbox.home, '.local/share/coffee-roadmap/spool');
    rmSync(spool, { recursive: true });
    rmSync(path.join(devbox.home, '.local/state/coffee-roadmap/collector'), { recursive: true });
    const cursorGone = path.join(devbox.home, '.claude/projects/later/s.jsonl');
    mkdirSync(path.dirname(cursorGone), { recursive: true });
    writeFileSync(cursorGone, '');
    // As if the last record had never been: an id that no spool will ever have.
    await query(
      team.database.superuserUrl,
      `update coffee.machine_cursors set cursor = machine_id || ':manual:user_message:2026-01-01T00:00:00.000Z:gone'
       where machine_id = $1`,
      [devboxId],
    );
    const { code, remotes } = await sync(team.ada.cli, network, ['devbox']);
    expect(code).toBe(0);
    expect(remotes).toMatchObject([{ anew: true, inserted: 0 }]);
    expect(await rowsOf(team.ada.url, devboxId)).toEqual(before);
  });

  it('takes each record once where clocks jump and many happen at one moment', async () => {
    const odd = await network.machine('odd');
    putProgram(odd, machineProgram(team.ada.cli));
    const id = initIn(odd.home, 'odd');
    const hub = openHub(team.ada.session, network);
    const times = [
      '2026-03-04T05:06:07.000Z',
      '2021-01-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ];
    let made = 0;
    const work = (count: number): void => {
      const next = Array.from({ length: count }, (_, n) =>
        usageLine(id, made + n, times[Math.floor((3 * n) / count)]),
      );
      made += count;
      appendLines(pathsIn(odd.home), Buffer.from(`${next.join('\n')}\n`));
    };
    // Each time the clock goes back by years, and ends before where it began.
    for (const count of [900, 30, 3]) {
      work(count);
      expect(await hub.pull('odd')).toMatchObject({
        counts: { inserted: count, duplicate: 0, refused: 0 },
        anew: false,
      });
    }
    expect(await rowsOf(team.ada.url, id)).toHaveLength(made);
    expect(await hub.pull('odd')).toMatchObject({ counts: { inserted: 0 } });
    hub.remove();
  });

  it('loses and doubles nothing, wherever the connection is cut', async () => {
    const hub = openHub((await team.person('Cut')).session, network);
    const cut = await network.machine('cut');
    putProgram(cut, machineProgram(team.ada.cli));
    const corpus = makeCorpus({ seed: 7, sessions: 40, messages: 30 });
    writeCorpus(path.join(cut.home, '.claude'), corpus);
    initIn(cut.home, 'cut');
    const calm = openHub(second.session, network);
    await calm.pull('cut');
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const dice = throwDice(seed);
    const relay = cutter(network, cut, 'cuttable');
    await expect(relay.pull(hub, 20_000)).rejects.toThrow();
    expect(relay.most()).toBe(20_000);
    let failed = 0;
    for (let i = 0; i < 4; i += 1) {
      const at = 3_000 + dice.below(120_000);
      failed += await relay.pull(hub, at).then(
        () => 0,
        () => 1,
      );
    }
    const { machine, counts } = await relay.pull(hub, Infinity);
    hub.remove();
    calm.remove();
    expect({ seed, failed: failed > 0 }).toEqual({ seed, failed: true });
    expect(counts.refused).toBe(0);
    const reference = await rowsOf(second.url, machine.id);
    expect(reference.length).toBeGreaterThan(1_000);
    expect({ seed, rows: await rowsOf(team.database.superuserUrl, machine.id) }).toEqual({
      seed,
      rows: reference,
    });
  });

  it('loses and doubles nothing when either side is killed', async () => {
    const cli = (await team.person('Kim')).cli;
    const big = await network.machine('big');
    const file = machineProgram(cli);
    putProgram(big, file);
    const id = initIn(big.home, 'big');
    const all = Array.from({ length: 10_000 }, (_, n) => usageLine(id, n));
    appendLines(pathsIn(big.home), Buffer.from(`${all.join('\n')}\n`));
    const env = { COFFEE_ROADMAP_SSH: network.command };
    const count = 'select count(*)::int as n from coffee.usage_records where machine_id = $1';
    const stored = async (): Promise<number> =>
      (await query<{ n: number }>(team.database.superuserUrl, count, [id]))[0]!.n;
    const hubKilled = cli.start(['sync', 'big', '--yes'], { env });
    await until('some of it is in', async () => (await stored()) > 0, 120_000);
    hubKilled.kill('SIGKILL');
    await hubKilled.ended;
    const some = await stored();
    // The program there writes down its process, so that it can be killed where it is.
    putProgram(big, '', `echo $$ >"$HOME/pid"; exec "${process.execPath}" "${file}" "$@"`);
    const remoteKilled = cli.start(['sync', 'big', '--yes'], { env });
    await until('the program there runs', () => existsSync(path.join(big.home, 'pid')), 120_000);
    process.kill(Number(readFileSync(path.join(big.home, 'pid'), 'utf8')), 'SIGKILL');
    expect((await remoteKilled.ended).code).toBe(4);
    expect(await stored()).toBeGreaterThanOrEqual(some);
    expect(await sync(cli, network, ['big'])).toMatchObject({ code: 0 });
    const calm = openHub(second.session, network);
    await calm.pull('big');
    calm.remove();
    expect(await rowsOf(team.database.superuserUrl, id)).toEqual(await rowsOf(second.url, id));
  });
});

const CUTTER = `
  const { connect } = require('node:net');
  const { readFileSync, writeFileSync } = require('node:fs');
  const [port, folder] = process.argv.slice(1);
  let left = Number(readFileSync(folder + '/cut-at', 'utf8'));
  let passed = 0;
  const socket = connect(Number(port), '127.0.0.1');
  process.stdin.pipe(socket);
  socket.on('data', (chunk) => {
    const piece = chunk.subarray(0, Math.min(chunk.length, left));
    left -= piece.length;
    passed += piece.length;
    writeFileSync(folder + '/passed', String(passed));
    process.stdout.write(piece, () => left > 0 || process.exit(0));
  });
  socket.on('close', () => process.exit(0));`;

/** A way to the machine that breaks off behind so many bytes of what it sends. */
function cutter(network: SshNetwork, machine: SshMachine, name: string) {
  const script = path.join(machine.bin, 'cutter.js');
  const folder = machine.bin;
  writeFileSync(script, CUTTER.replace('slice(1)', 'slice(2)'));
  network.alias(
    name,
    machine,
    `ProxyCommand "${process.execPath}" "${script}" ${network.portOf(machine)} "${folder}"`,
  );
  return {
    most: () => Number(readFileSync(path.join(folder, 'passed'), 'utf8')),
    pull(hub: ReturnType<typeof openHub>, bytes: number) {
      writeFileSync(path.join(folder, 'cut-at'), String(bytes));
      return hub.pull(name);
    },
  };
}
