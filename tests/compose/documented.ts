import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ComposeStack } from './compose-stack';

/** The page's own commands: the shell blocks under this heading of docs/compose.md. */
export function documented({ folder }: ComposeStack, heading: string): string[] {
  const page = readFileSync(path.join(folder, 'docs/compose.md'), 'utf8');
  const section = page.split(`## ${heading}`)[1]!.split('\n## ')[0]!;
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);
}

/** Runs such commands as somebody would, in a folder of their own below the clone. */
export function runDocumented(
  stack: ComposeStack,
  name: string,
  script: string,
  env: Record<string, string> = {},
): void {
  const cwd = path.join(stack.folder, name);
  mkdirSync(cwd, { recursive: true });
  execFileSync('bash', ['-ec', script], {
    cwd,
    env: { ...(stack.env as NodeJS.ProcessEnv), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
