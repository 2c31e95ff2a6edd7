import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerAdd } from './add';
import { registerGranularity } from './granularity';
import { registerList } from './list';
import { registerManager } from './manager';
import { registerMember } from './member';

export function registerTeams(program: Command, context: Context): void {
  const teams = addNoun(program, 'teams', 'who shares projects with whom', {
    examples: ['teams', 'teams member design Ada'],
  });
  registerList(teams, context);
  registerAdd(teams, context);
  registerMember(teams, context);
  registerManager(teams, context);
  registerGranularity(teams, context);
}
