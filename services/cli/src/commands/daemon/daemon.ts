import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerPause } from './pause';
import { registerReset } from './reset';
import { registerResume } from './resume';
import { registerRetry } from './retry';
import { registerStatus } from './status';
import { registerStop } from './stop';

export function registerDaemon(program: Command, context: Context): void {
  const daemon = addNoun(program, 'daemon', 'what works on the roadmap', {
    examples: ['daemon', 'daemon pause', 'daemon stop 2.5'],
  });
  registerStatus(daemon, context);
  registerPause(daemon, context);
  registerResume(daemon, context);
  registerStop(daemon, context);
  registerRetry(daemon, context);
  registerReset(daemon, context);
}
