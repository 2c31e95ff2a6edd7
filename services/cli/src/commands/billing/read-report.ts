import { parseExchange, type Exchange } from '@coffee-roadmap/shared/billing/exchange';
import { parseMonth } from '@coffee-roadmap/shared/billing/month';
import { listBillingSettings, loadBillingLines } from '@coffee-roadmap/shared/billing/queries';
import { buildBillingReport, type BillingReport } from '@coffee-roadmap/shared/billing/report';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import type { CommonOptions } from '../../context';
import { selectTeam, type TeamName } from '../../select-team';

export interface BillingOptions extends CommonOptions {
  month: string;
  until?: string;
  client?: string;
  team?: string;
  exchange?: string;
  exchangeName?: string;
}

export function addBillingOptions(command: Command, { several = false } = {}): Command {
  command.requiredOption('--month <month>', 'the month, such as 2026-10');
  if (several) command.option('--until <month>', 'the last month, where it is more than one');
  return command
    .option('--client <name>', 'only this client')
    .option('--team <name>', 'the team; needed where you manage several')
    .option('--exchange <rate>', 'what one USD is worth, for what models cost')
    .option('--exchange-name <text>', 'where that rate is from, such as "ECB 2026-10-30"');
}

/** The rate with its name, or neither. Throws `invalid_input` for half of it. */
export function exchangeOf({ exchange, exchangeName }: BillingOptions): Exchange | null {
  const hint = '--exchange 0.9215 --exchange-name "ECB 2026-10-30"';
  return parseExchange({ rate: exchange, name: exchangeName }, hint);
}

/** What was published of the caller's team in these months, priced. */
export async function readReport(
  session: Session<'person'>,
  options: BillingOptions,
): Promise<{ team: TeamName; report: BillingReport }> {
  const { first } = parseMonth(options.month);
  const { next } = parseMonth(options.until ?? options.month);
  if (next <= first) {
    throw new AppError('invalid_input', 'the last month is before the first', {
      hint: '--month 2026-10 --until 2026-12',
    });
  }
  const exchange = exchangeOf(options);
  const team = await selectTeam(session, options.team);
  const lines = await loadBillingLines(session, {
    ...{ teamId: team.id, from: first, to: next, client: options.client },
    exchangeRate: exchange?.rate,
  });
  const about = { team: team.name, from: first, to: next, client: options.client ?? null };
  const settings = await listBillingSettings(session);
  return { team, report: buildBillingReport({ ...about, bill: null, exchange }, lines, settings) };
}
