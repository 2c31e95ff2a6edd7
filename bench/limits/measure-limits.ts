import { median, medianRatio } from '../figures/statistics';
import { millis, whole, type Report } from '../report/report';
import type { BenchServer } from '../server/bench-server';
import { measureImports, measurePlainCommits, measureQuestions } from './commits';
import { measureConnections } from './connections';
import { measureReplica, WAITS } from './replica';

const CLIENTS = 16;
const ASKERS = [1, 4, 16];
const PEOPLE = [1, 2, 4];

/** Where one machine ends: connections, commits with a hint, imports, and what a standby costs. */
export async function measureLimits(server: BenchServer, rounds: number): Promise<Report> {
  const connections = await measureConnections(server);
  const commits = await measurePlainCommits(server, rounds, CLIENTS);
  const questions: number[] = [];
  for (const askers of ASKERS) questions.push(await measureQuestions(server, askers));
  const imports: number[][] = [];
  for (const people of PEOPLE) imports.push(await measureImports(server, rounds, people));
  const replica = await measureReplica();
  const { direct, pooled, served, megabytes, most } = connections;
  const has = (value: number | undefined, show: (value: number) => string): string =>
    value === undefined || Number.isNaN(value) ? 'not here' : show(value);
  return {
    name: 'limits',
    title: `Where one machine ends, Postgres ${server.version}`,
    columns: ['', 'is'],
    rows: [
      ['connections at once', whole(most)],
      ['MB of the server for an idle one', has(megabytes, millis)],
      ['connect, ask who one is, leave: ms', millis(direct)],
      ['the same through pgbouncer: ms', has(pooled, millis)],
      ['of 300 at once, served', whole(served.direct)],
      ['of 300 at once, served through pgbouncer', has(served.pooled, whole)],
      [`plain commits per second, ${CLIENTS} clients`, whole(median(commits.silent))],
      ['the same with a NOTIFY in each', whole(median(commits.notifying))],
      ...ASKERS.map((askers, i) => [
        `questions asked per second, daemons: ${askers}`,
        whole(questions[i]!),
      ]),
      ...PEOPLE.map((people, i) => [
        `records imported per second, people: ${people}`,
        whole(median(imports[i]!)),
      ]),
      ...WAITS.map((how) => [
        `import of one record, standby ${how}: p50 / p99 ms`,
        `${millis(replica.commit[how].p50)} / ${millis(replica.commit[how].p99)}`,
      ]),
      [
        'standby behind by: p50 / p99 ms',
        `${millis(replica.behind.p50)} / ${millis(replica.behind.p99)}`,
      ],
    ],
    tables: [],
    ratios: [
      {
        what: `plain commits with a NOTIFY ÷ without, ${CLIENTS} clients`,
        value: medianRatio(commits.notifying, commits.silent),
      },
      { what: 'questions per second, 16 daemons ÷ 1', value: questions[2]! / questions[0]! },
      { what: 'imports, 4 people ÷ 1', value: median(imports[2]!) / median(imports[0]!) },
      {
        what: 'a commit on the standby too ÷ alone, p50',
        value: replica.commit.on.p50 / replica.commit.off.p50,
      },
      ...(pooled === undefined
        ? []
        : [{ what: 'a visit through pgbouncer ÷ directly', value: pooled / direct }]),
    ],
    rounds,
    figures: { connections, commits, questions, imports, replica },
  };
}
