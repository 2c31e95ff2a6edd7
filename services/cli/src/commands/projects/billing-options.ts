import type { BillingSettings, ProjectBilling } from '@coffee-roadmap/shared/billing/queries';
import { InvalidArgumentError, type Command } from 'commander';

/** Options of `projects set` that managers use. */
export interface BillingOptions {
  client?: string;
  currency?: string;
  rounding?: Pick<BillingSettings, 'rounding_per' | 'rounding_minutes'>;
  budgetMonth?: string | 'none';
  aiCost?: Pick<BillingSettings, 'ai_cost' | 'ai_markup_percent'>;
  billDelegated?: 'yes' | 'no';
}

export function addBillingOptions(command: Command): Command {
  return command
    .option('--client <name>', 'whom its bills are for; managers say this')
    .option('--currency <code>', 'what it bills in, such as EUR', (text) => text.toUpperCase())
    .option('--rounding <rule>', 'none, or such as 15m/entry, 6m/day', parseRounding)
    .option('--budget-month <amount>', 'what a month may come to, or none', parseAmount)
    .option('--ai-cost <how>', 'pass on what models cost: none, at-cost or +10%', parseAiCost)
    .option('--bill-delegated <yes|no>', 'whether time of agents is billed', parseYes);
}

function parseRounding(text: string): NonNullable<BillingOptions['rounding']> {
  if (text === 'none') return { rounding_per: 'none' };
  const found = /^(\d{1,3})m(?:in)?\/(entry|day|month)$/.exec(text);
  const minutes = Number(found?.[1]);
  if (found && minutes >= 1 && minutes <= 480) {
    return {
      rounding_per: found[2] as 'entry' | 'day' | 'month',
      rounding_minutes: minutes,
    };
  }
  throw new InvalidArgumentError('Write none, or minutes up to which it goes: 15m/entry, 6m/day.');
}

/** A plain decimal, as text: amounts never go through floating point. */
export function parseAmount(text: string): string {
  if (text === 'none' || /^\d{1,12}(\.\d{1,4})?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be an amount such as 5000 or 85.50, or none.');
}

function parseAiCost(text: string): NonNullable<BillingOptions['aiCost']> {
  if (text === 'none') return { ai_cost: 'none' };
  if (text === 'at-cost') return { ai_cost: 'at_cost' };
  const markup = /^\+(\d{1,4}(?:\.\d{1,3})?)%$/.exec(text)?.[1];
  if (markup !== undefined) return { ai_cost: 'markup', ai_markup_percent: markup };
  throw new InvalidArgumentError('It is none, at-cost or a markup such as +10%.');
}

function parseYes(text: string): 'yes' | 'no' {
  if (text === 'yes' || text === 'no') return text;
  throw new InvalidArgumentError('It is yes or no.');
}

/** Only what was given; undefined where nothing was. */
export function billingOf(options: BillingOptions): BillingSettings | undefined {
  const { client, currency, rounding, budgetMonth, aiCost, billDelegated } = options;
  const settings: BillingSettings = {
    ...(client === undefined ? {} : { client }),
    ...(currency === undefined ? {} : { currency }),
    ...rounding,
    ...(budgetMonth === undefined ? {} : { budget: budgetMonth === 'none' ? null : budgetMonth }),
    ...aiCost,
    ...(billDelegated === undefined ? {} : { bill_delegated: billDelegated === 'yes' }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}

/** Lines for people, beside the others of the project. */
export function billingRows(billing: ProjectBilling | undefined): [string, string][] {
  if (billing === undefined) return [];
  const { rounding_per: per, rounding_minutes: minutes, ai_cost: ai } = billing;
  return [
    ['client', billing.client === '' ? 'none' : billing.client],
    [
      'bills',
      `in ${billing.currency}, ${per === 'none' ? 'to the second' : `up to ${minutes} min per ${per}`}`,
    ],
    ['a month', billing.budget === null ? 'no limit' : `${billing.budget} ${billing.currency}`],
    [
      'AI cost',
      ai === 'none'
        ? 'not passed on'
        : ai === 'at_cost'
          ? 'passed on at cost'
          : `passed on with ${Number(billing.ai_markup_percent)} % more`,
    ],
    ['agents', billing.bill_delegated ? 'their time is billed, apart' : 'their time is not billed'],
  ];
}
