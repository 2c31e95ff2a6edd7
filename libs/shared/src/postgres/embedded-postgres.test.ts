import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { query } from '../../../../tests/support/database';
import { findRunningEmbeddedPostgres, removeEmbeddedPostgres } from './embedded-postgres';
import { findPostmaster } from './postmaster';
import { TrialFolder } from './testing/trial-folder';

const trial = new TrialFolder();
afterAll(() => trial.remove());

describe('an embedded Postgres', () => {
  it('starts below a path with spaces, and a second start uses the running one', async () => {
    const first = await trial.start('twice');
    const second = await trial.start('twice');
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.superuserUrl).toBe(first.superuserUrl);
    const found = await findRunningEmbeddedPostgres(trial.dataDir('twice'));
    expect(found?.port).toBe(first.port);
    expect(await query(second.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('stops, says so, and starts again on the same port with its rows', async () => {
    const first = await trial.start('again');
    await query(first.superuserUrl, 'create table kept as select 42 as answer');
    await first.stop();
    expect(await findRunningEmbeddedPostgres(trial.dataDir('again'))).toBeUndefined();
    const second = await trial.start('again');
    expect([second.port, second.reused]).toEqual([first.port, false]);
    expect(await query(second.superuserUrl, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  it('takes another port when its own is taken, and refuses when one is demanded', async () => {
    const first = await trial.start('port');
    await first.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(first.port, '127.0.0.1', resolve));
    try {
      await expect(trial.start('port', { port: first.port })).rejects.toMatchObject({
        code: 'postgres_start_failed',
        message: `port ${first.port} is taken by another program`,
      });
      const second = await trial.start('port');
      expect(second.port).not.toBe(first.port);
      expect(await query(second.superuserUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('listens on loopback alone, wants a password there, and keeps it to itself', async () => {
    const server = await trial.start('secret');
    const url = new URL(server.superuserUrl);
    const [row] = await query(
      server.superuserUrl,
      `select current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets,
              (select bool_and(auth_method = 'scram-sha-256') from pg_hba_file_rules) as scram`,
    );
    expect(row).toEqual({ listen: '127.0.0.1', sockets: '', scram: true });
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });

    const file = `${trial.dataDir('secret')}.password`;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(url.password);
    const { pid } = findPostmaster(server.dataDir)!;
    for (const where of ['cmdline', 'environ']) {
      if (!existsSync('/proc/self/stat')) continue;
      expect(readFileSync(`/proc/${pid}/${where}`, 'latin1')).not.toContain(url.password);
    }
    await expect(
      query(server.superuserUrl, `alter role nobody_of_that_name password 'hush-hush'`),
    ).rejects.toThrow();
    expect(readFileSync(server.logFile, 'utf8')).not.toContain('hush-hush');
  });

  it('keeps every commit by default, sorts by code point, and checks its pages', async () => {
    const server = await trial.start('durable', { durable: true, settings: { work_mem: '8MB' } });
    const [row] = await query(
      server.superuserUrl,
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
              current_setting('synchronous_commit') as commit, current_setting('data_checksums') as checksums,
              current_setting('server_encoding') as encoding, current_setting('work_mem') as work_mem,
              (select datlocale from pg_database where datname = 'postgres') as locale,
              upper('straße é') as upper`,
    );
    expect(row).toEqual({
      fsync: 'on',
      pages: 'on',
      commit: 'on',
      checksums: 'on',
      encoding: 'UTF8',
      work_mem: '8MB',
      locale: 'C.UTF-8',
      upper: 'STRAßE É',
    });
  });

  it('is removed without a trace', async () => {
    const server = await trial.start('gone');
    await removeEmbeddedPostgres(trial.dataDir('gone'));
    await expect(query(server.superuserUrl, 'select 1')).rejects.toThrow();
    expect(readdirSync(trial.path).filter((name) => name.startsWith('gone'))).toEqual([]);

    const folder = trial.folder('no cluster');
    writeFileSync(path.join(folder, 'thesis.txt'), 'years of work');
    await removeEmbeddedPostgres(folder);
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });
});
