import { startGistApi, TOKEN, type GistApi } from '@coffee-roadmap/shared/gist/testing/gist-api';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { HAS_KEY_STORE, openKeyStore, type KeyStore } from '../../support/key-store';
import { buildCli, type CliProgram } from '../cli/program';

let program: CliProgram | undefined;
let api: GistApi | undefined;
let store: KeyStore | undefined;
afterEach(async () => {
  store?.close();
  await api?.close();
  program?.remove();
});

if (!HAS_KEY_STORE) process.stderr.write('skipped: no gnome-keyring and dbus on this machine\n');
const withKeyStore = HAS_KEY_STORE ? it : it.skip;

withKeyStore(
  'keeps a token in the system’s key store, finds it there, and nowhere else',
  async () => {
    program = buildCli();
    api = await startGistApi();
    const cli = program.as(undefined);
    store = await openKeyStore(cli.home);
    const { env } = store;
    const set = await cli.run(['gist', 'set-token', '--json'], { env, input: `${TOKEN}\n` });
    expect([set.code, set.stdout, set.stderr]).toEqual([0, '{\n  "kept": "key store"\n}\n', '']);
    await cli.json(['gist', 'setup', '--api', api.url, '--yes'], { env });
    expect(new Set(api.authorizations)).toEqual(new Set([`Bearer ${TOKEN}`]));
    expect(await cli.json(['gist', 'info'], { env })).toMatchObject({ token: 'key store' });
    const config = path.join(cli.home, '.config/coffee-roadmap');
    expect(existsSync(path.join(config, 'gist-token.json'))).toBe(false);
    const files = readdirSync(cli.home, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(cli.home, name))
      .filter((file) => statSync(file).isFile());
    expect(files.filter((file) => readFileSync(file).includes(TOKEN))).toEqual([]);

    // Without its bus there is no store; nothing is taken for the token then.
    const away = await cli.run(['gist', 'info']);
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('there is no token')]);
  },
);
