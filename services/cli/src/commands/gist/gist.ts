import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerAutoSync } from './auto-sync';
import { registerBackup } from './backup';
import { registerGistPull } from './pull';
import { registerGistPush } from './push';
import { registerSetToken } from './set-token';
import { registerSetUp } from './setup';
import { registerGistStatus } from './status';
import { registerGistSync } from './sync';

export function registerGist(program: Command, context: Context): void {
  const gist = addNoun(program, 'gist', 'share records through a GitHub gist or any git remote', {
    examples: ['gist setup', 'gist sync', 'gist backup restore 2026-03-01 --to ./restored'],
  });
  registerSetUp(gist, context);
  registerSetToken(gist, context);
  registerGistPush(gist, context);
  registerGistPull(gist, context);
  registerGistSync(gist, context);
  registerAutoSync(gist, context);
  registerGistStatus(gist, context);
  registerBackup(gist, context);
}
