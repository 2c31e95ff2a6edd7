import path from 'node:path';
import { openComposeStack } from './compose-stack';
import { documented, runDocumented } from './documented';
import { openOtherMachine, type OtherMachine } from './other-machine';

const NAME = 'roadmap.example.test';
const plain = openComposeStack();
const [makeCertificate = '', bringIn = ''] = documented(plain, 'TLS');
const authority = (name: string) => path.join(plain.folder, name, 'ca.crt');

const isRoot = process.getuid?.() === 0;
const title = isRoot ? '' : ' (skipped: a second machine is made by root alone)';

(isRoot ? describe : describe.skip)(`TLS, as documented${title}`, () => {
  let machine: OtherMachine;
  beforeAll(() => {
    machine = openOtherMachine(plain.folder, NAME);
  });
  afterAll(async () => {
    machine.remove();
    await plain.compose('up', '--wait');
  });

  test('another machine gets in by name and certificate, and not without', async () => {
    for (const folder of ['tls', 'foreign']) {
      runDocumented(plain, folder, makeCertificate, { NAME });
    }
    runDocumented(plain, 'tls', bringIn);
    const stack = openComposeStack({
      COFFEE_ROADMAP_TLS: 'on',
      COFFEE_ROADMAP_LISTEN: machine.address,
      COFFEE_ROADMAP_PUBLISHED: `${NAME}:${plain.port}?sslmode=verify-full&sslrootcert=${authority('tls')}`,
    });
    await stack.compose('up', '--wait');
    const { url } = await stack.cli<{ url: string }>('people', 'add', 'Far Away');
    const login = (address: string) =>
      machine.node(path.join(plain.folder, 'dist/coffee-roadmap.js'), 'login', address);

    expect(login(url).status).toBe(0);
    const seen = machine.node(path.join(plain.folder, 'dist/coffee-roadmap.js'), 'status');
    expect(seen.stdout).toMatch(/Far Away[^]*daemon/);

    const without = new URL(url);
    without.search = '';
    expect(login(without.href).stderr).toMatch(/no pg_hba.conf entry.*no encryption/);
    expect(login(url.replace(NAME, machine.address)).stderr).toMatch(/altnames/);
    expect(login(url.replace(authority('tls'), authority('foreign'))).stderr).toMatch(
      /certificate/,
    );
  });
});
