import type { Session } from '../db/session';
import type { LocalDate } from '../time/periods/local-date';
import type { Exchange } from './exchange';
import { listBills, loadBillingLines, type Bill, type BillingLine } from './queries';
import { byProject, type ProjectLines } from './report';

export interface BilledProject extends ProjectLines {
  /** The client's newest bill of the month. */
  readonly bill: Bill | null;
  /** At which the cost of its models is converted; null: it is not, or has to be. */
  readonly exchange: Exchange | null;
}

export interface BilledMonth {
  readonly lines: readonly BillingLine[];
  readonly projects: readonly BilledProject[];
  /** Currencies for which no bill has a rate, in order, each with the one that was named. */
  readonly asked: readonly { readonly currency: string; readonly exchange: Exchange | null }[];
}

/**
 * What was published of a team in a month, priced. What models cost is converted at the rate of the
 * client's newest bill, and where there is none at the one that `named` gives for the currency.
 */
export async function loadMonth(
  session: Session<'person'>,
  month: { teamId: string; from: LocalDate; to: LocalDate },
  named: (currency: string) => Exchange | null,
): Promise<BilledMonth> {
  const bills = await listBills(session, { teamId: month.teamId, month: month.from });
  const asked = new Map<string, Exchange | null>();
  const projects: BilledProject[] = [];
  const converted = new Map<string, readonly BillingLine[]>();
  for (const group of byProject(await loadBillingLines(session, month))) {
    const [{ currency, project_id: id }] = group.lines as [BillingLine];
    const bill = bills.find(({ client }) => client === group.client) ?? null;
    let exchange: Exchange | null = null;
    if (currency !== 'USD' && group.lines.some(({ kind }) => kind === 'ai')) {
      exchange = rateOf(bill, currency);
      if (exchange === null) asked.set(currency, (exchange = named(currency)));
    }
    if (exchange === null) {
      projects.push({ ...group, bill, exchange });
      continue;
    }
    const key = JSON.stringify([group.client, exchange.rate]);
    const { client } = group;
    const lines =
      converted.get(key) ??
      (await loadBillingLines(session, { ...month, client, exchangeRate: exchange.rate }));
    converted.set(key, lines);
    const own = lines.filter(({ project_id: project }) => project === id);
    if (own.length > 0) projects.push({ ...group, lines: own, bill, exchange }); // taken back meanwhile
  }
  return {
    lines: projects.flatMap(({ lines }) => lines),
    projects,
    asked: [...asked]
      .map(([currency, exchange]) => ({ currency, exchange }))
      .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}

function rateOf(bill: Bill | null, currency: string): Exchange | null {
  if (bill === null || bill.currency !== currency) return null;
  const { exchange_name: name, exchange_rate: rate } = bill;
  return name === null || rate === null ? null : { name, rate };
}
