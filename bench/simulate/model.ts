/** What one of each costs the server, as measured in the same run. */
export interface Unit {
  /** Seconds of a processor. */
  cpuS: number;
  /** Bytes in the database, with indexes and sums. */
  bytes: number;
}

export interface Units {
  /** A call of a model, imported with others. */
  call: Unit;
  /** A trace event of a daemon, stored with others. */
  event: Unit;
  /** A question asked and answered. */
  question: Unit;
  /** A page with the panels of the dashboard. */
  page: Unit;
  /** Megabytes of an idle connection. */
  connectionMb: number;
  /** Commits with a hint that one server takes in a second. */
  hintsPerSecond: number;
}

/** What people and daemons do on a working day: assumptions, not measurements. */
export const DAY = {
  callsOfAPerson: 1_500,
  questionsOfAPerson: 10,
  pagesOfAPerson: 60,
  peopleToADaemon: 4,
  eventsOfADaemon: 5_000,
  /** Share of a day's work in its busiest hour. */
  busiestHour: 0.25,
  daysAYear: 230,
  connectionsOfAPerson: 2,
  connectionsOfADaemon: 6,
};

/** Hints that a question and its answer bring, with those of the item they are about. */
const HINTS_OF_A_QUESTION = 3;

export interface Load {
  people: number;
  callsADay: number;
  eventsADay: number;
  gigabytesAYear: number;
  /** Processors busy all through the busiest hour. */
  processors: number;
  connections: number;
  connectionsGb: number;
  hintsPerSecond: number;
  /** Of what one server takes. */
  hintsShare: number;
}

export function simulate(units: Units, people: number): Load {
  const daemons = Math.max(1, Math.round(people / DAY.peopleToADaemon));
  const day: [Unit, number][] = [
    [units.call, people * DAY.callsOfAPerson],
    [units.event, daemons * DAY.eventsOfADaemon],
    [units.question, people * DAY.questionsOfAPerson],
    [units.page, people * DAY.pagesOfAPerson],
  ];
  const sum = (of: (unit: Unit) => number): number =>
    day.reduce((all, [unit, count]) => all + of(unit) * count, 0);
  const perSecond = (aDay: number): number => (aDay * DAY.busiestHour) / 3600;
  const connections = people * DAY.connectionsOfAPerson + daemons * DAY.connectionsOfADaemon;
  const hints = perSecond(people * DAY.questionsOfAPerson * HINTS_OF_A_QUESTION);
  return {
    people,
    callsADay: day[0]![1],
    eventsADay: day[1]![1],
    gigabytesAYear: (sum(({ bytes }) => bytes) * DAY.daysAYear) / 1e9,
    processors: perSecond(sum(({ cpuS }) => cpuS)),
    connections,
    connectionsGb: (connections * units.connectionMb) / 1024,
    hintsPerSecond: hints,
    hintsShare: hints / units.hintsPerSecond,
  };
}
