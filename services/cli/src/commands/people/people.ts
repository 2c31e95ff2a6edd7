import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerAdd } from './add';
import { registerLinkSlack } from './link-slack';
import { registerList } from './list';
import { registerRemove } from './remove';
import { registerRotatePassword } from './rotate-password';
import { registerUnlinkSlack } from './unlink-slack';

export function registerPeople(program: Command, context: Context): void {
  const people = addNoun(program, 'people', 'logins of people and of processes', {
    examples: ['people', 'people add Ada'],
  });
  registerList(people, context);
  registerAdd(people, context);
  registerRemove(people, context);
  registerRotatePassword(people, context);
  registerLinkSlack(people, context);
  registerUnlinkSlack(people, context);
}
