import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { builtPrograms } from '../../support/built-programs';

const root = path.resolve(__dirname, '..', '..', '..');
const BIN = 'services/cli/bin';

export interface Workflow {
  /** What its steps run, in their order. */
  steps: string[];
  /** The variables that its secrets are given in. */
  secrets: string[];
  text: string;
}

/** A workflow of docs/examples, as far as its lines say it. */
export function readWorkflow(name: string): Workflow {
  const text = readFileSync(path.join(root, 'docs', 'examples', name), 'utf8');
  const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, one]) => one!);
  return { steps: all(/^ +- run: (.+)$/gm), secrets: all(/^ +(\w+): \$\{\{ secrets\./gm), text };
}

export interface Checkout {
  /** What `npm run build` leaves. */
  build(): void;
  /** Exit code and what came out on both. */
  run(line: string, env?: Record<string, string>): { code: number | null; said: string };
}

/** The repository as `npm ci` leaves it, as far as the CLI needs it: linked, and not built. */
export function checkOut(folder: string): Checkout {
  cpSync(path.join(root, BIN), path.join(folder, BIN), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  const links = path.join(folder, 'node_modules', '.bin');
  mkdirSync(links, { recursive: true });
  symlinkSync(path.join(folder, BIN, 'coffee-roadmap.cjs'), path.join(links, 'coffee-roadmap'));
  return {
    build: () => symlinkSync(builtPrograms(), path.join(folder, 'dist')),
    run: (line, env = {}) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
        cwd: folder,
        encoding: 'utf8',
        // Offline: what is not in the checkout must not come from a registry.
        env: { PATH: process.env.PATH, HOME: folder, npm_config_offline: 'true', ...env },
      });
      return { code: status, said: `${stdout}${stderr}` };
    },
  };
}
