import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerAdd } from './add';
import { registerLink } from './link';
import { registerList } from './list';
import { registerSet } from './set';

export function registerProjects(program: Command, context: Context): void {
  const projects = addNoun(program, 'projects', 'the repositories that are worked on', {
    examples: ['projects', 'projects add shop https://example.com/shop.git'],
  });
  registerList(projects, context);
  registerAdd(projects, context);
  registerSet(projects, context);
  registerLink(projects, context);
}
