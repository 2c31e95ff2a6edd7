import { AppError } from '@coffee-roadmap/shared/errors';
import {
  importPrices,
  listPrices,
  reprice,
  resetPrices,
  type Price,
} from '@coffee-roadmap/shared/prices/queries';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { readText } from '../../read-text';
import { startProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { count, formatTokens } from '../../words';

const FORMAT = `
FILE is a JSON list, in USD for a million tokens; a price that is left out is
unknown, and calls that need it are unpriced:
  [{"model": "my-model", "effective_from": "2026-11-01", "prompt_from": 0,
    "input": 3, "output": 15, "cache_read": 0.3, "cache_write_5m": 3.75,
    "cache_write_1h": 6, "fast_multiplier": 2}]
A model that is named is replaced whole.`;

export function registerPrices(program: Command, context: Context): void {
  const prices = addNoun(program, 'prices', 'what a token costs, by model', {
    examples: ['prices', 'prices import prices.json', 'prices reprice'],
  });
  addVerb(prices, 'list [model]', 'prices that count, in USD a million tokens', {
    examples: ['prices list', 'prices list claude-haiku'],
    isDefault: true,
  }).action((model: string | undefined, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const wanted = (model ?? '').toLowerCase();
      const found = (await listPrices(session)).filter((price) => price.model.includes(wanted));
      out.result({ prices: found }, () => render(out, found));
    }),
  );
  addVerb(prices, 'import <file>', 'prices of your own, before the shipped; for admins', {
    examples: ['prices import prices.json', 'prices import - < prices.json'],
  })
    .addHelpText('after', FORMAT)
    .action((file: string, options: CommonOptions) =>
      withSession(context, options, async (session, out) => {
        const entries = parseEntries(await readText(context, file));
        const version = await importPrices(session, entries, file === '-' ? '' : file.slice(-500));
        out.result({ version, entries: entries.length }, () =>
          [
            `Imported ${count(entries.length, 'price')} as version ${version}.`,
            'Costs stay as they are until coffee-roadmap prices reprice',
          ].join('\n'),
        );
      }),
    );
  addVerb(prices, 'reset <model>', 'the shipped prices of a model count again; for admins', {
    examples: ['prices reset claude-sonnet-5'],
  }).action((model: string, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const reset = await resetPrices(session, model);
      const name = stripEscapes(model);
      out.result({ model, reset }, () =>
        reset ? `The shipped prices of ${name} count again.` : `${name} has no imported price.`,
      );
    }),
  );
  addVerb(prices, 'reprice', 'price your calls anew, where nobody said the cost', {
    examples: ['prices reprice'],
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const progress = startProgress(context.streams.stderr, 'pricing calls anew');
      const changed = await reprice(session).finally(() => progress.stop());
      out.result(changed, () =>
        [
          `${count(changed.generations, 'call')} of traces cost otherwise now,`,
          `${count(changed.usage_records, 'call')} of your machines.`,
        ].join(' '),
      );
    }),
  );
}

function parseEntries(text: string): unknown[] {
  try {
    const entries: unknown = JSON.parse(text);
    if (Array.isArray(entries)) return entries;
  } catch {
    // Said below, as for anything else that is no list.
  }
  throw new AppError('invalid_input', 'the file is no JSON list', {
    hint: 'coffee-roadmap prices import --help shows one.',
  });
}

function render(out: Output, prices: readonly Price[]): string {
  if (prices.length === 0) {
    return 'There is no price of such a model.\ncoffee-roadmap prices import FILE adds it';
  }
  const number = (title: string) => ({ title, align: 'right' as const });
  return renderTable(
    [
      { title: 'MODEL', flexible: true, min: 14, paint: out.colours.bold },
      { title: 'FROM' },
      ...['INPUT', 'OUTPUT', 'READ', '5M', '1H', 'FAST'].map(number),
    ],
    prices.map((price) => [
      price.override ? `${price.model} *` : price.model,
      [
        price.effective_from.getTime() === 0 ? '' : price.effective_from.toISOString().slice(0, 10),
        price.prompt_from === 0 ? '' : `≥${formatTokens(price.prompt_from)}`,
      ]
        .join(' ')
        .trim(),
      ...[price.input, price.output, price.cache_read, price.cache_write_5m],
      price.cache_write_1h,
      price.fast_multiplier === null ? '' : `×${price.fast_multiplier}`,
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  ).concat(
    '\n\nUSD a million tokens; READ from the cache, written to it for 5M or 1H.',
    prices.some(({ override }) => override) ? '\n* imported' : '',
  );
}
