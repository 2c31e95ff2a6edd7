import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerAsk } from './ask';
import { registerList } from './list';
import { registerShow } from './show';
import { registerWatch } from './watch';

export function registerNotifications(program: Command, context: Context): void {
  const notifications = addNoun(program, 'notifications', 'what is asked and told', {
    examples: ['notifications', 'notifications watch'],
  });
  registerList(notifications, context);
  registerShow(notifications, context);
  registerWatch(notifications, context);
  registerAsk(notifications, context);
}
