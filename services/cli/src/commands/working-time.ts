import type { Command } from 'commander';
import type { Context } from '../context';
import { registerClassify } from './classify/classify';
import { registerHooks } from './hooks/hooks';
import { registerRecompute } from './recompute/recompute';
import { registerReport } from './report/report';
import { registerStreams } from './streams/streams';
import { registerTimeContext } from './time-context/context';
import { registerLog } from './timer/log';
import { registerTimer } from './timer/timer';

/** Everything about a person's working time. */
export function registerWorkingTime(program: Command, context: Context): void {
  registerReport(program, context);
  registerTimer(program, context);
  registerLog(program, context);
  registerHooks(program, context);
  registerStreams(program, context);
  registerClassify(program, context);
  registerTimeContext(program, context);
  registerRecompute(program, context);
}
