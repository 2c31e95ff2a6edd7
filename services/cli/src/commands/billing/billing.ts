import type { Command } from 'commander';
import { addNoun } from '../../command';
import type { Context } from '../../context';
import { registerClose } from './close';
import { registerExport } from './export';
import { registerInvoice } from './invoice';
import { registerReport } from './report';

export function registerBilling(program: Command, context: Context): void {
  const billing = addNoun(program, 'billing', 'what a team published, priced; for managers', {
    examples: ['billing report --month 2026-10', 'billing invoice --month 2026-10 --client Acme'],
  });
  registerReport(billing, context);
  registerExport(billing, context);
  registerInvoice(billing, context);
  registerClose(billing, context);
}
