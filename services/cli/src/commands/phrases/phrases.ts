import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerArchive } from './archive';
import { registerBackfill } from './backfill';
import { registerByWorkstation } from './by-workstation';
import { registerHistory } from './history';
import { registerNotes } from './notes';
import { registerPatterns } from './patterns';
import { registerToday } from './today';
import { registerWatch } from './watch';

export function registerPhrases(program: Command, context: Context): void {
  const phrases = addNoun(program, 'phrases', 'how often you were absolutely right', {
    examples: ['phrases', 'phrases history --weekly', 'phrases by-workstation', 'phrases watch'],
  });
  registerToday(phrases, context);
  registerHistory(phrases, context);
  registerByWorkstation(phrases, context);
  registerBackfill(phrases, context);
  registerWatch(phrases, context);
  registerPatterns(phrases, context);
  registerNotes(phrases, context);
  registerArchive(phrases, context);
}
