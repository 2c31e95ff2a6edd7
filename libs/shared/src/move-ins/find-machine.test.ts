import type { Machine } from '../machines/queries';
import { findMachine } from './find-machine';

const machine = (id: string, change: Partial<Machine>): Machine => ({
  ...{ id, label: id, aliases: [], named_only: false, program_version: null },
  ...{ last_report_at: null, last_record_at: null, created_at: new Date(0) },
  ...{ roads: {}, problems: 0, tokens: 0 },
  ...change,
});

it('takes the id, then the label, then an earlier one, in any case and without what cannot be shown', () => {
  const known = [
    machine('alias', { aliases: ['Desk', 'label'] }),
    machine('label', { label: 'DESK' }),
    machine('desk', { label: 'elsewhere' }),
  ];
  expect(findMachine(known, ' de\u202esk\n')?.id).toBe('desk');
  expect(findMachine(known.slice(0, 2), 'desk')?.id).toBe('label');
  expect(findMachine(known.slice(0, 1), 'desk')?.id).toBe('alias');
  expect([findMachine(known, 'nowhere'), findMachine(known, '\u202e')]).toEqual([
    undefined,
    undefined,
  ]);
});
