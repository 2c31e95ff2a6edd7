import { AppError } from '@coffee-roadmap/shared/errors';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import {
  findTraces,
  listObservations,
  listTraces,
  type ListedTrace,
} from '@coffee-roadmap/shared/traces/person-queries';
import type { Command } from 'commander';
import { addNoun, addVerb, projectOption, wholeNumber } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { parseMoment } from '../../parse-moment';
import { selectItem } from '../../select-item';
import { selectProject } from '../../select-project';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTraceList } from './render-list';
import { renderTrace } from './render-trace';

interface ListOptions extends CommonOptions {
  project?: string;
  item?: string;
  since?: string;
  limit: number;
}

export function registerTraces(program: Command, context: Context): void {
  const traces = addNoun(program, 'traces', 'what agents and programs did, step by step', {
    examples: ['traces', 'traces list --item 2.5', 'traces show 6f1f4afd'],
  });
  addVerb(traces, 'list', 'the newest traces', {
    examples: ['traces list', 'traces list --item 2.5 --since 7d --json'],
    isDefault: true,
  })
    .addOption(projectOption())
    .option('--item <number>', 'of this priority alone')
    .option('--since <when>', '30d, a day, or a time')
    .option('--limit <n>', 'at most so many', wholeNumber(1), 20)
    .action((options: ListOptions) =>
      withSession(context, options, async (session, out) => {
        const since = options.since && parseMoment(options.since, Zone.of('UTC'));
        const chosen =
          options.item === undefined
            ? undefined
            : await selectItem(session, context, options.item, options);
        const project =
          chosen?.project ??
          (options.project && (await selectProject(session, context, options.project)));
        const found = await listTraces(session, {
          ...(project ? { projectId: project.id } : {}),
          ...(chosen ? { itemId: chosen.item.id } : {}),
          ...(since ? { since } : {}),
          limit: options.limit,
        });
        const some = Boolean(project || chosen || since);
        out.result({ traces: found }, () => renderTraceList(out, found, some));
      }),
    );
  addVerb(traces, 'show <id>', 'one trace as a tree; the beginning of the id is enough', {
    examples: ['traces show 6f1f4afd', 'traces show 6f1f4afd --json'],
  }).action((id: string, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const trace = oneTrace(await findTraces(session, id), id);
      const observations = await listObservations(session, trace);
      out.result({ ...trace, observations }, () => renderTrace(out, trace, observations));
    }),
  );
}

function oneTrace(found: readonly ListedTrace[], id: string): ListedTrace {
  const [trace, other] = found;
  if (trace === undefined) {
    throw new AppError('not_found', `there is no trace "${id}"`, {
      hint: 'coffee-roadmap traces list shows the newest.',
    });
  }
  if (other !== undefined && trace.id !== id) {
    throw new AppError('invalid_input', `several traces begin with "${id}"`, {
      hint: `Such as ${found
        .slice(0, 3)
        .map((one) => stripEscapes(one.id))
        .join(', ')}.`,
    });
  }
  return trace;
}
