import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { appendRecords } from '@coffee-roadmap/shared/spool/append';
import { timerRecord } from '@coffee-roadmap/shared/time/manual/manual-records';
import {
  readTimerState,
  writeTimerState,
  type TimerState,
} from '@coffee-roadmap/shared/time/manual/timer-state';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { formatDuration } from '../../terminal/duration';
import { knownTitle, namedIssue, tellTitle, withTitle } from '../issues/tell-title';

type Action = NonNullable<TimerState['timer']>['action'];

interface TimerOptions extends CommonOptions {
  note?: string;
}

const WORDS: Record<Action, { description: string; done: string }> = {
  start: { description: 'from now on you work on this issue', done: 'runs' },
  pause: { description: 'the timer of an issue rests', done: 'rests' },
  resume: { description: 'the timer of an issue goes on', done: 'runs again' },
  stop: { description: 'the timer of an issue ends', done: 'is stopped' },
};

export function registerTimer(program: Command, context: Context): void {
  for (const action of ['start', 'pause', 'resume', 'stop'] as const) {
    const usage = action === 'start' ? 'start <issue>' : `${action} [issue]`;
    addVerb(program, usage, WORDS[action].description, {
      examples: action === 'start' ? ['start 42', 'start github:us/shop#42'] : [`${action} 42`],
    })
      .option('--note <text>', 'a line for yourself')
      .action((issue: string | undefined, options: TimerOptions) =>
        move(context, action, issue, options),
      );
  }
}

async function move(
  context: Context,
  action: Action,
  named: string | undefined,
  options: TimerOptions,
): Promise<void> {
  const out = context.output(options);
  const { paths } = context.config();
  const { machine_id: machineId } = requireIdentity(paths);
  const state = readTimerState(paths);
  const last = state.timer;
  const issue = named === undefined ? lastIssue(state, action) : namedIssue(named);
  const now = Date.now();
  const note = options.note ?? null;
  const record = timerRecord({ machineId, action, issue, note, folder: process.cwd(), now });
  appendRecords(paths, [record]);
  writeTimerState(paths, { ...state, timer: { issue, action, at: record.at } });
  const ran = last !== undefined && runs(last.action) ? now - Date.parse(last.at) : undefined;
  const since = ran === undefined ? '' : ` after ${formatDuration(ran)}`;
  // Asked for once: whoever pauses has heard at the start what GitHub says.
  const title = action === 'start' ? await tellTitle(context, issue) : knownTitle(context, issue);
  out.result({ id: record.id, at: record.at, action, issue, title }, () => {
    const shown = withTitle(issue, title);
    if (!runs(action))
      return `${shown} ${WORDS[action].done}${last?.issue === issue ? since : ''}.`;
    if (last === undefined || !runs(last.action) || last.issue === issue)
      return `${shown} ${WORDS[action].done}. It ends by itself after 12 hours.`;
    return `${shown} ${WORDS[action].done}; ${last.issue} ended${since}.`;
  });
}

const runs = (action: Action): boolean => action === 'start' || action === 'resume';

function lastIssue({ timer }: TimerState, action: Action): string {
  const fits = action === 'resume' ? timer?.action === 'pause' : timer && timer.action !== 'stop';
  if (timer !== undefined && fits === true) return timer.issue;
  throw new AppError('invalid_input', `there is no timer of this machine to ${action}`, {
    hint: `Name the issue, as in coffee-roadmap ${action} 42.`,
  });
}
