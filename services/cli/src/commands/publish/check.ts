import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  checkPublications,
  logCheck,
  raiseMissedPublications,
  type PublicationProblem,
} from '@coffee-roadmap/shared/publishing/queries';
import { addDays, addMonths } from '@coffee-roadmap/shared/time/periods/local-date';
import type { CommonOptions, Context } from '../../context';
import { openReader } from '../../open-reader';
import { renderTable } from '../../terminal/table';
import { count } from '../../words';

const PROBLEMS: Record<PublicationProblem['problem'], string> = {
  missing: 'nothing was published',
  checksum: 'the rows are not those that were published',
  chain: 'a version before or after it is gone',
};

/**
 * Whether each member published each closed period of this month and the two before it. An auditor checks
 * all teams, a manager theirs, everybody else themselves. Throws `failed` where something is found.
 */
export async function checkPublished(
  context: Context,
  options: CommonOptions,
  now: number,
): Promise<void> {
  const out = context.output(options);
  const today = new Date(now).toISOString().slice(0, 10);
  const [from, to] = [addMonths(today, -2), addDays(today, 1)];
  const session = await openReader(requireDatabase(context.config()));
  try {
    const problems = await checkPublications(session, from, to);
    const notified = problems.length > 0 ? await raiseMissedPublications(session, from, to) : 0;
    // Whoever checks themselves alone says nothing of a team.
    if (session.role === 'auditor' || session.me.manages.length > 0)
      await logCheck(session, from, to);
    out.result({ ok: problems.length === 0, from, to, problems, notified }, () =>
      problems.length === 0
        ? `Every closed period since ${from} is published.\nWhat was published is unchanged.`
        : renderTable(
            [
              { title: 'TEAM', flexible: true },
              { title: 'PERSON', flexible: true, min: 10 },
              { title: 'FROM' },
              { title: 'PROBLEM', flexible: true, min: 20 },
            ],
            problems.map((one) => [one.team, one.person, one.first_day, PROBLEMS[one.problem]]),
            { width: out.width, paintTitle: out.colours.dim },
          ),
    );
    if (problems.length === 0) return;
    throw new AppError('failed', `${count(problems.length, 'publication')} missing or damaged`, {
      hint: 'Each person publishes what is theirs: coffee-roadmap publish --rebuild.',
    });
  } finally {
    await session.close();
  }
}
