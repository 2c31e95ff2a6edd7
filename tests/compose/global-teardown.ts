import { rmSync } from 'node:fs';
import { openComposeStack } from './compose-stack';

export default async function globalTeardown(): Promise<void> {
  const stack = openComposeStack();
  await stack.compose('--profile', 'cli', 'down', '--volumes', '--timeout', '5');
  rmSync(stack.folder, { recursive: true, force: true });
}
