import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerCreate } from './create';
import { registerList } from './list';
import { registerRestore } from './restore';
import { registerVerify } from './verify';

export function registerBackup(program: Command, context: Context): void {
  const backup = addNoun(program, 'backup', 'the whole database, to be restored elsewhere', {
    examples: ['backup create --keep 14', 'backup verify', 'backup restore latest'],
  });
  registerCreate(backup, context);
  registerList(backup, context);
  registerVerify(backup, context);
  registerRestore(backup, context);
}
