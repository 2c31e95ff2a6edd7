import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';

const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-docker-'));
const root = path.resolve(__dirname, '..', '..');
afterAll(() => rmSync(folder, { recursive: true }));

/** As global setup does it: in plain Node, not in jest's own module loader. */
function startDockerCluster(dockerHost: string): Promise<{ found: boolean; said: string[] }> {
  const program = path.join(folder, 'program.cjs');
  buildSync({
    stdin: {
      contents: `
        import { startDockerCluster } from './docker-cluster';
        const said = [];
        startDockerCluster((line) => said.push(line)).then((cluster) => {
          console.log(JSON.stringify({ found: cluster !== undefined, said }));
          process.exit();
        });`,
      resolveDir: __dirname,
    },
    bundle: true,
    platform: 'node',
    packages: 'external',
    supported: { 'dynamic-import': false }, // found through NODE_PATH like the rest
    outfile: program,
  });
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      DOCKER_HOST: dockerHost,
      NODE_PATH: `${root}/node_modules`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(text)),
    );
  });
}

describe('Docker for the tests', () => {
  it('is passed over without a word where no engine answers', async () => {
    expect(await startDockerCluster('tcp://127.0.0.1:1')).toEqual({ found: false, said: [] });
  });

  it('is passed over with a line where the engine has no image and cannot fetch it', async () => {
    const asked: string[] = [];
    const engine = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const info = { OperatingSystem: 'test', ServerVersion: '28.0.0', OSType: 'linux' };
      const answer = request.url === '/info' ? info : undefined;
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { message: 'no such image: try docker login' }));
    });
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
    const { port } = engine.address() as AddressInfo;
    const outcome = await startDockerCluster(`tcp://127.0.0.1:${port}`);
    engine.closeAllConnections();
    await new Promise((resolve) => engine.close(resolve));
    expect(asked).toContain('GET /images/postgres:18/json');
    expect(outcome.found).toBe(false);
    expect(outcome.said).toEqual([
      expect.stringMatching(/^no container of postgres:18 \(.*\): tests use the embedded Postgres/),
    ]);
  });
});
